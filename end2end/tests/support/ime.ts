// Input methods, as Chromium passes their events on. Compositions are real ones, made through the DevTools protocol:
// the page gets trusted composition and input events, and `isComposing` is the browser's own doing.
//
// While an input method takes a key, its keydown has the code 229. On Windows `key` is then "Process"; on macOS it
// names the key itself. Hangul input gives Enter back to the page: first the keydown with 229, then the composition's
// end, then the keydown of Enter itself with code 13. Kana and Han conversion keep Enter to themselves.
import type { CDPSession, Locator, Page } from '@playwright/test';

export type Platform = 'Windows' | 'macOS';

export class InputMethod {
  private constructor(
    private readonly cdp: CDPSession,
    private readonly platform: Platform,
  ) {}

  static async on(page: Page, platform: Platform): Promise<InputMethod> {
    return new InputMethod(await page.context().newCDPSession(page), platform);
  }

  /** Types through stages of one composition, such as ㅎ, 하, 한. */
  async compose(stages: string[]): Promise<void> {
    for (const text of stages) {
      await this.taken('KeyG', 'g');
      await this.cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
      await this.released('KeyG', 'g', 71);
    }
  }

  /** Ends the composition with this text. */
  async commit(text: string): Promise<void> {
    await this.cdp.send('Input.insertText', { text });
  }

  /** A word in Hangul: each syllable is committed when the next begins; the last is left in composition. */
  async hangul(syllables: string[][]): Promise<void> {
    for (const [index, stages] of syllables.entries()) {
      await this.compose(stages);
      if (index < syllables.length - 1) await this.commit(last(stages));
    }
  }

  /** Enter that ends a composition, and then reaches the page as itself, as Hangul input has it. */
  async enterEndsAndPasses(text: string): Promise<void> {
    await this.taken('Enter', 'Enter');
    await this.commit(text);
    await this.enter();
  }

  /** Enter that ends a composition and goes no further. */
  async enterEnds(text: string): Promise<void> {
    await this.taken('Enter', 'Enter');
    await this.commit(text);
    await this.released('Enter', 'Enter', 13);
  }

  /** Escape that takes back what is being composed, and goes no further. */
  async escapeTakesBack(): Promise<void> {
    await this.taken('Escape', 'Escape');
    await this.cdp.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 });
    await this.released('Escape', 'Escape', 27);
  }

  /** Enter outside of a composition. */
  async enter(): Promise<void> {
    const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 };
    await this.cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', text: '\r', ...enter });
    await this.cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter });
  }

  private async taken(code: string, key: string): Promise<void> {
    await this.cdp.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: this.platform === 'Windows' ? 'Process' : key,
      code,
      windowsVirtualKeyCode: 229,
    });
  }

  private async released(code: string, key: string, windowsVirtualKeyCode: number): Promise<void> {
    await this.cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code, windowsVirtualKeyCode });
  }
}

/**
 * Escape that ends a composition as Safari tells of it: first the composition's end, then a keydown with the code 229
 * that does not count as composing any more. These events are not the browser's own, which is not Safari.
 */
export async function escapeEndsInSafari(box: Locator): Promise<void> {
  await box.evaluate((area) => {
    const key = { key: 'Escape', code: 'Escape', bubbles: true, cancelable: true };
    area.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
    area.dispatchEvent(new CompositionEvent('compositionupdate', { data: 'に', bubbles: true }));
    area.dispatchEvent(new CompositionEvent('compositionend', { data: '', bubbles: true }));
    area.dispatchEvent(new KeyboardEvent('keydown', { ...key, keyCode: 229 }));
    area.dispatchEvent(new KeyboardEvent('keyup', { ...key, keyCode: 27 }));
  });
}

function last(stages: string[]): string {
  return stages[stages.length - 1];
}
