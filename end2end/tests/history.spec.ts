// History of long rooms: scrolling back without losing one's place, and new messages in the meantime.
import { expect, test } from './support/fixtures';
import { seed } from './support/seed';
import { walkToTheTop } from './support/walk';

const MOST_ROWS = 400;
/** No later place has the room's first message: before it are only the notices that the authors joined. */
const FIRST = 5;

test('5,000 messages are read back without a jump and without filling the page', async ({ newPerson, madang }) => {
  // A hundred pages, each drawn; a busy machine takes its time.
  test.setTimeout(600_000);
  await seed(madang, 5_000);
  const mina = await newPerson('Mina');
  await mina.room.expectAtBottom();
  const walk = await walkToTheTop(mina.room.timeline, FIRST);
  expect(walk.lost, 'a row that was in view was taken away').toBe(false);
  expect(walk.oldest).toBeLessThanOrEqual(FIRST);
  expect(walk.jump).toBeLessThanOrEqual(1);
  expect(walk.mostRows).toBeGreaterThan(10);
  expect(walk.mostRows).toBeLessThanOrEqual(MOST_ROWS);

  // And back to the newest at once.
  await mina.room.pill.click();
  await mina.room.expectAtBottom();
  expect(await mina.room.rows.count()).toBeLessThanOrEqual(MOST_ROWS);
});

test('who reads at the bottom stays at the bottom', async ({ newPerson, madang }) => {
  await seed(madang, 100);
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  await mina.room.expectAtBottom();
  for (const text of ['one', 'two\nlines', 'three']) await jun.room.saySettled(text);
  await expect(mina.room.row('three')).toBeInViewport();
  await mina.room.expectAtBottom();
  await expect(mina.room.pill).not.toBeVisible();
});

test('who reads further up keeps the place and is told of new messages', async ({ newPerson, madang }) => {
  await seed(madang, 100);
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  await mina.room.timeline.evaluate((box) => (box.scrollTop = box.scrollHeight - box.clientHeight - 1_000));
  await expect(mina.room.pill).toHaveText('Jump to latest');
  const place = await mina.room.timeline.evaluate((box) => box.scrollTop);

  await jun.room.saySettled('one');
  await expect(mina.room.pill).toContainText('1 new message');
  await jun.room.saySettled('two');
  await expect(mina.room.pill).toHaveText('2 new messages');
  expect(Math.abs((await mina.room.timeline.evaluate((box) => box.scrollTop)) - place)).toBeLessThanOrEqual(1);

  await mina.room.pill.click();
  await expect(mina.room.row('two')).toBeInViewport();
  await mina.room.expectAtBottom();
  await expect(mina.room.pill).not.toBeVisible();
});

test('one’s own message brings one to the bottom', async ({ newPerson, madang }) => {
  await seed(madang, 100);
  const mina = await newPerson('Mina');
  await mina.room.timeline.evaluate((box) => (box.scrollTop = box.scrollHeight - box.clientHeight - 1_000));
  await expect(mina.room.pill).toBeVisible();
  await mina.room.saySettled('here I am');
  await expect(mina.room.row('here I am')).toBeInViewport();
  await mina.room.expectAtBottom();
});
