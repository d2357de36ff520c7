// The sync indicator, and reconciliation with the server.
import { expectAccessible } from './support/axe';
import { expect, type Person, test } from './support/fixtures';
import { seed } from './support/seed';
import { Wire } from './support/wire';

/** A frame with what changed in a room. */
const CHANGES = /^42\/chat,\["room\.changes"/;
/** As long as between two looks at how far the rooms have come. */
const HEAD_INTERVAL = 15_000;

/** In the room, with a hand on the wire and on the clock. */
async function atTheWire(person: Person): Promise<Wire> {
  await person.page.clock.install();
  const wire = await Wire.of(person.page);
  await person.page.reload();
  await person.room.live();
  return wire;
}

test('who has everything is told so, in either language', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('준', { locale: 'ko-KR' });
  await expect(mina.room.progress).toHaveText('All caught up');
  await expect(jun.room.progress).toHaveText('모두 받았어요');
  await expectAccessible(mina.page, 'a room with the indicator');
  // All is well: nobody is disturbed by hearing it.
  await expect(mina.room.progressSaid).toHaveText('');

  await mina.room.progress.click();
  await expect(mina.room.progress).toHaveText('Compared: no differences');
  await expect(mina.room.progressSaid).toHaveText('Compared: no differences');
  await expect(mina.room.progress).toBeFocused();
  await mina.room.saySettled('something new');
  await expect(mina.room.progress).toHaveText('All caught up');
});

test('without a script, and before the link is up, nothing is claimed', async ({ newPerson }) => {
  const mina = await newPerson('Mina', { javaScriptEnabled: false });
  await expect(mina.room.composer).toBeVisible();
  await expect(mina.room.progress).toBeHidden();
});

test('a last message that got lost is found at the next look', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  const wire = await atTheWire(mina);
  let lost = 0;
  wire.fromServer = (frame) => {
    if (lost > 0 || !CHANGES.test(frame)) return frame;
    lost += 1;
    return null;
  };
  await jun.room.saySettled('into the void');
  await expect.poll(() => lost).toBe(1);
  await expect(mina.room.row('into the void')).toHaveCount(0);
  await mina.page.clock.fastForward(HEAD_INTERVAL + 1_000);
  await expect(mina.room.row('into the void')).toHaveCount(1);
});

test('while much is being fetched the page says how much', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  const wire = await atTheWire(mina);
  const held: string[] = [];
  let holding = true;
  wire.fromServer = (frame) => {
    if (CHANGES.test(frame)) return null;
    // Answers to room.sync.
    if (holding && /^43\/chat,\d+\[\{"ok":\{"changes"/.test(frame)) {
      held.push(frame);
      return null;
    }
    return frame;
  };
  await seed(madang, 320);
  await mina.page.clock.fastForward(HEAD_INTERVAL + 1_000);
  await expect.poll(() => held.length).toBe(1);
  await mina.page.clock.fastForward(1_000);
  // The messages, and that four people came.
  await expect(mina.room.progress).toHaveText(/^Catching up: 32\d to go$/);
  await expect(mina.room.progressSaid).toHaveText('Catching up');
  await expectAccessible(mina.page, 'a room that is catching up');
  holding = false;
  wire.send(held[0]);
  await expect(mina.room.progress).toHaveText('All caught up');
  await expect(mina.room.progressSaid).toHaveText('');
});

test('what differs is repaired when one asks, and counted', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  mina.mayComplain(/differed from the server's/);
  const jun = await newPerson('Jun');
  const wire = await atTheWire(mina);
  wire.fromServer = (frame) => frame.replace('the true words', 'the false words');
  await jun.room.saySettled('the true words');
  await expect(mina.room.row('the false words')).toHaveCount(1);
  wire.fromServer = (frame) => frame;

  await mina.room.progress.click();
  await expect(mina.room.row('the true words')).toHaveCount(1);
  await expect(mina.room.row('the false words')).toHaveCount(0);
  await expect(mina.room.progress).toHaveText('Fixed a mismatch with the server');
  await expect(mina.room.progress).toHaveAttribute('title', /Mismatches fixed: 1/);
  await mina.room.progress.click();
  await expect(mina.room.progress).toHaveText('Compared: no differences');
  await expect(mina.room.progress).toHaveAttribute('title', /Mismatches fixed: 1/);
});

test('what differs is repaired by itself after the link was down, and the reader stays where they are', async ({
  newPerson,
  madang,
}) => {
  await seed(madang, 200);
  const mina = await newPerson('Mina');
  mina.mayComplain(/differed from the server's/);
  const jun = await newPerson('Jun');
  const wire = await atTheWire(mina);
  wire.fromServer = (frame) => frame.replace('the true words', 'the false words');
  await jun.room.saySettled('the true words');
  await expect(mina.room.row('the false words')).toHaveCount(1);
  wire.fromServer = (frame) => frame;

  // Up in the history, with more than one page of it loaded.
  const first = () => mina.room.rows.first().getAttribute('data-seq').then(Number);
  await expect(async () => {
    await mina.room.timeline.evaluate((box) => (box.scrollTop = 0));
    expect(await first()).toBeLessThan(100);
  }).toPass();
  await mina.room.timeline.evaluate((box) => (box.scrollTop = 700));
  const seen = () =>
    mina.room.timeline.evaluate((box) => {
      const top = box.getBoundingClientRect().top;
      const row = [...box.querySelectorAll('article')].find((row) => row.getBoundingClientRect().top >= top);
      return { seq: row?.dataset.seq, top: Math.round((row?.getBoundingClientRect().top ?? 0) - top) };
    });
  await expect(async () => {
    const before = await seen();
    await mina.page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
    expect(await seen()).toEqual(before);
  }).toPass();
  const before = await seen();

  await wire.cut();
  await expect(mina.room.progress).toHaveAttribute('title', /Mismatches fixed: 1/, { timeout: 30_000 });
  const after = await seen();
  expect(after.seq).toBe(before.seq);
  expect(Math.abs(after.top - before.top)).toBeLessThanOrEqual(2);
  await mina.room.timeline.press('End');
  await expect(mina.room.row('the true words')).toHaveCount(1);
  await expect(mina.room.row('the false words')).toHaveCount(0);
});
