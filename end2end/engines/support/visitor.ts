// An actor in a browser of some engine.
import { expect } from '@playwright/test';

import { KEYS, keys, pointer, type Engine } from './engine';

/** What is known of a message's row. */
export interface Row {
  text: string;
  state: string | null;
}

export class Visitor {
  constructor(
    readonly engine: Engine,
    private readonly origin: string,
  ) {}

  async open(path: string): Promise<void> {
    await this.engine.open(this.origin + path);
  }

  /** Clicks what a selector names, once it is there and stays where it is. */
  async click(selector: string): Promise<void> {
    const { x, y } = await this.place(selector);
    await this.engine.perform([pointer(x, y, true)]);
  }

  async pointAt(selector: string): Promise<void> {
    const { x, y } = await this.place(selector);
    await this.engine.perform([pointer(x, y, false)]);
  }

  /** Clicks into a field and types. */
  async type(selector: string, text: string): Promise<void> {
    await this.click(selector);
    await this.write(text);
  }

  /** Types where the focus is. */
  async write(text: string): Promise<void> {
    await this.engine.perform([keys(text)]);
  }

  async press(key: keyof typeof KEYS): Promise<void> {
    await this.engine.perform([keys(KEYS[key])]);
  }

  async say(text: string): Promise<void> {
    await this.type('#composer textarea', text);
    await this.press('Enter');
  }

  /** Calls a function in the page; its arguments and its result are passed as JSON. */
  async evaluate<Args extends unknown[], T>(call: (...args: Args) => T, ...args: Args): Promise<T> {
    const words = args.map((arg) => JSON.stringify(arg)).join();
    return JSON.parse(await this.engine.evaluate(`(async () => JSON.stringify((${call})(${words})) ?? 'null')()`)) as T;
  }

  /** Waits until something in the page is so. */
  async until<Args extends unknown[], T>(expected: T, call: (...args: Args) => T, ...args: Args): Promise<void> {
    const look = () => this.evaluate<Args, unknown>(call, ...args);
    await expect(async () => expect(await look()).toEqual(expected)).toPass({ timeout: 20_000 });
  }

  async live(): Promise<void> {
    await this.until('true', () => document.body?.dataset.live ?? null);
  }

  /** Waits until there is exactly one row of this text, in this state. */
  async sees(text: string, state = 'settled'): Promise<void> {
    await this.until(
      [state],
      (text) =>
        [...document.querySelectorAll<HTMLElement>('#timeline article.message')]
          .filter((row) => row.querySelector('.text')?.textContent?.trim() === text)
          .map((row) => row.dataset.state),
      text,
    );
  }

  private async place(selector: string): Promise<{ x: number; y: number }> {
    const look = (selector: string) => {
      const box = document.querySelector(selector)?.getBoundingClientRect();
      return box && box.width > 0 ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : null;
    };
    let before: { x: number; y: number } | null = null;
    await expect(async () => {
      const now = await this.evaluate(look, selector);
      const still = now !== null && now.x === before?.x && now.y === before.y;
      before = now;
      expect(still, `${selector} is there and stays in its place`).toBe(true);
    }).toPass({ timeout: 20_000, intervals: [50] });
    return before!;
  }
}
