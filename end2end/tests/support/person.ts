// An actor: a person with a browser of their own.
import { expect, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';

import { JoinPage, RoomPage } from './chat';
import { Complainer } from './complainer';
import type { Madang } from './server';

export interface PersonOptions
  extends Pick<
    BrowserContextOptions,
    'locale' | 'viewport' | 'hasTouch' | 'isMobile' | 'javaScriptEnabled' | 'colorScheme' | 'reducedMotion'
  > {
  /** Whether to pass the join page; without it the person stands there. */
  joined?: boolean;
  /** Runs in every page before anything else does. */
  initScript?: () => void;
}

export class Person extends Complainer {
  readonly joinPage: JoinPage;
  readonly room: RoomPage;

  private constructor(
    readonly name: string,
    readonly madang: Madang,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    super(`the browser of ${name}`);
    this.joinPage = new JoinPage(page);
    this.room = new RoomPage(page);
  }

  static async arrive(browser: Browser, madang: Madang, name: string, options: PersonOptions = {}): Promise<Person> {
    const { joined = true, initScript, ...contextOptions } = options;
    const context = await browser.newContext(contextOptions);
    if (initScript) await context.addInitScript(initScript);
    const person = new Person(name, madang, context, await context.newPage());
    person.listen(person.page);
    // What is preloaded is for the scripts that do not run here.
    if (options.javaScriptEnabled === false) person.mayComplain(/preloaded using link preload but not used/);
    await person.joinPage.open(madang.origin);
    if (joined) {
      await person.joinPage.join(name);
      await expect(person.page).toHaveURL(`${madang.origin}/r/lobby`);
      if (options.javaScriptEnabled !== false) await person.room.live();
    }
    return person;
  }

  /** Another tab of the same browser, in the same session. */
  async newTab(): Promise<RoomPage> {
    const page = await this.context.newPage();
    this.listen(page);
    return new RoomPage(page);
  }
}
