// Chromium, by Playwright: the engine that all other browser tests run in.
import { chromium, type Browser, type Page } from '@playwright/test';

import { KEYS, type Engine, type InputSource } from './engine';

export class Chromium implements Engine {
  private constructor(
    private readonly browser: Browser,
    private readonly page: Page,
  ) {}

  static async launch(): Promise<Chromium> {
    const browser = await chromium.launch({
      executablePath: process.env.MADANG_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--disable-dev-shm-usage'],
    });
    return new Chromium(browser, await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 800 } }));
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url, { waitUntil: 'domcontentloaded' });
  }

  async evaluate(expression: string): Promise<string> {
    return this.page.evaluate<string>(expression);
  }

  async perform(sources: InputSource[]): Promise<void> {
    const names = new Map<string, string>(Object.entries(KEYS).map(([name, value]) => [value, name]));
    for (const source of sources) {
      for (const action of source.actions) {
        if (action.type === 'pointerMove') await this.page.mouse.move(action.x, action.y);
        else if (action.type === 'pointerDown') await this.page.mouse.down();
        else if (action.type === 'pointerUp') await this.page.mouse.up();
        else if (action.type === 'keyDown') {
          const name = names.get(action.value);
          if (name) await this.page.keyboard.press(name);
          else await this.page.keyboard.type(action.value);
        }
      }
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}
