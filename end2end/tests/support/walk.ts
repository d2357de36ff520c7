// Scrolling back to the beginning of a long room, while checking that nothing moves.
import type { Locator } from '@playwright/test';

/** What was seen on the way from the newest message to the oldest. */
export interface Walk {
  /** How far, at most, a row that was in view moved without being scrolled, in pixels. */
  jump: number;
  mostRows: number;
  oldest: number;
  /** Whether a row that was in view was taken away. */
  lost: boolean;
}

/**
 * Scrolls up by part of a screen at a time until the first message. After each step a row in the upper half of the view
 * is watched, frame by frame, while older history arrives above it. Runs in the page: only there is a frame a frame.
 */
export async function walkToTheTop(timeline: Locator, first: number): Promise<Walk> {
  return timeline.evaluate(async (box, first) => {
    const framesPerStep = 3;
    const painted = () => new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    const rows = () => [...box.querySelectorAll<HTMLElement>('[data-seq]')];
    const top = (row: Element) => row.getBoundingClientRect().top - box.getBoundingClientRect().top;
    const bySeq = (seq: string) => rows().find((row) => row.dataset.seq === seq);
    const walk = { jump: 0, mostRows: 0, oldest: Infinity, lost: false };

    const rowInView = () => {
      const inView = rows().filter((row) => top(row) >= 0 && top(row) < box.clientHeight / 2);
      return inView[0] ?? rows().find((row) => top(row) + row.offsetHeight > 0);
    };
    let watched = rowInView()?.dataset.seq ?? '';
    let expected = top(bySeq(watched) ?? box);

    const look = () => {
      const row = bySeq(watched);
      if (!row) {
        walk.lost = true;
        return;
      }
      walk.jump = Math.max(walk.jump, Math.abs(top(row) - expected));
      walk.mostRows = Math.max(walk.mostRows, box.querySelectorAll('article.message, .notice').length);
      walk.oldest = Math.min(walk.oldest, ...rows().map((each) => Number(each.dataset.seq)));
    };

    const atTheTop = () => walk.oldest <= first && box.scrollTop < 1;
    // What has moved once has failed; there is nothing to learn from going on.
    while (!walk.lost && walk.jump <= 1 && !atTheTop()) {
      for (let frame = 0; frame < framesPerStep; frame += 1) {
        await painted();
        look();
      }
      const row = rowInView();
      if (!row) {
        walk.lost = true;
        break;
      }
      watched = row.dataset.seq ?? '';
      const before = top(row);
      const from = box.scrollTop;
      box.scrollTop = Math.max(0, from - box.clientHeight * 0.4);
      expected = before + (from - box.scrollTop);
    }
    return walk;
  }, first);
}
