// An actor on the learn pages, in a browser of their own.
import { expect, type Browser, type BrowserContext, type BrowserContextOptions, type Locator, type Page } from '@playwright/test';

import { Complainer } from '../../support/complainer';
import type { Madang } from '../../support/server';

export type Slug = 'quick-chat' | 'session-chat' | 'sockets' | 'rooms' | 'websocket';

export type LearnerOptions = Pick<
  BrowserContextOptions,
  'locale' | 'viewport' | 'javaScriptEnabled' | 'colorScheme' | 'permissions'
>;

export class Learner extends Complainer {
  readonly frames: Locator;
  readonly demo: Locator;
  readonly connect: Locator;
  readonly disconnect: Locator;

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    super('the browser');
    this.frames = page.locator('#frames > li');
    this.demo = page.locator('.demo');
    this.connect = page.locator('#connect');
    this.disconnect = page.locator('#disconnect');
    this.listen(page);
  }

  /** Opens a page, or without a slug the list of all, and waits until it is connected. */
  static async open(browser: Browser, madang: Madang, slug?: Slug, options: LearnerOptions = {}): Promise<Learner> {
    const context = await browser.newContext(options);
    const learner = new Learner(context, await context.newPage());
    await learner.page.goto(`${madang.origin}/learn${slug ? `/${slug}` : ''}`);
    if (slug && options.javaScriptEnabled !== false) await learner.connected();
    return learner;
  }

  async connected(): Promise<void> {
    await expect(this.disconnect).toBeEnabled();
  }

  /** A step of the connection's life: `ahead`, `now` or `done`. */
  async expectStep(step: string, standing: 'ahead' | 'now' | 'done'): Promise<void> {
    await expect(this.page.locator(`.connection [data-step="${step}"]`)).toHaveAttribute('data-standing', standing);
  }

  /** Each frame of the log as `in …` or `out …`, oldest first; what is no frame is left out. */
  async wire(): Promise<string[]> {
    const rows = this.page.locator('#frames > li:not([data-way="event"])');
    return rows.evaluateAll((rows) =>
      rows.map((row) => `${row.getAttribute('data-way')} ${row.querySelector('.raw')?.textContent}`),
    );
  }

  /** The row of a frame, by its raw text. */
  frame(way: 'in' | 'out', raw: string): Locator {
    const exact = this.page.locator('.raw').filter({ hasText: new RegExp(`^${escape(raw)}$`) });
    return this.page.locator(`#frames > li[data-way="${way}"]`).filter({ has: exact });
  }

  /** What stands in the list that `locator` finds, one text a line. */
  async lines(locator: string): Promise<string[]> {
    const texts = await this.page.locator(locator).allTextContents();
    return texts.map((text) => text.trim());
  }

  /** The id that the page shows for its socket. */
  async id(): Promise<string> {
    const id = this.page.locator('#own-id');
    await expect(id).not.toHaveText('–');
    return (await id.textContent()) ?? '';
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
