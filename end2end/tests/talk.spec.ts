// A conversation of two people, each in a browser of their own.
import { expect, test } from './support/fixtures';

test('what one says, the other reads, and the other way round', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');

  await mina.room.saySettled('Hello, Jun');
  await expect(jun.room.row('Hello, Jun')).toHaveCount(1);
  await expect(jun.room.row('Hello, Jun').locator('.author')).toHaveText('Mina');

  await jun.room.saySettled('안녕 é 😀');
  await expect(mina.room.row('안녕 é 😀')).toHaveCount(1);
  await expect(mina.room.rows.last()).toContainText('안녕 é 😀');
});

test('sending clears the composer and keeps the focus there', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  await mina.room.saySettled('First');
  await expect(mina.room.composer).toHaveValue('');
  await expect(mina.room.composer).toBeFocused();

  await mina.room.composer.fill('Second, by the button');
  await mina.room.send.click();
  await expect(mina.room.row('Second, by the button')).toHaveAttribute('data-state', 'settled');
  await expect(mina.room.composer).toHaveValue('');
  await expect(mina.room.composer).toBeFocused();
});

test('one’s own message appears once, in this tab and in another', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  const tab = await mina.newTab();
  await tab.open(madang.origin);
  await tab.live();

  await mina.room.saySettled('Only once');
  await mina.room.saySettled('And the next');
  for (const room of [mina.room, tab]) {
    await expect(room.row('And the next')).toHaveCount(1);
    await expect(room.row('Only once')).toHaveCount(1);
  }
});

test('blank text sends nothing', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  for (const blank of ['', '   ', '\n\n \t', '\u200b']) await mina.room.say(blank);
  // What follows arrives behind anything that had been sent before it.
  await mina.room.composer.fill('');
  await mina.room.saySettled('Something');
  await expect(jun.room.row('Something')).toHaveCount(1);
  await expect(jun.room.rows).toHaveCount(1);
  await expect(mina.room.rows).toHaveCount(1);
});

test('Shift+Enter breaks the line, and Enter sends both lines', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  await mina.room.composer.pressSequentially('one');
  const before = await mina.room.composer.boundingBox();
  await mina.room.composer.press('Shift+Enter');
  await mina.room.composer.pressSequentially('two');
  await expect(mina.room.composer).toHaveValue('one\ntwo');
  await expect
    .poll(async () => (await mina.room.composer.boundingBox())?.height)
    .toBeGreaterThan(before?.height ?? Infinity);
  await mina.room.composer.press('Enter');
  await expect(jun.room.rows).toHaveCount(1);
  expect(await jun.room.rows.locator('.text').evaluate((text) => (text as HTMLElement).innerText)).toBe('one\ntwo');
});

test('the others see who is typing, and that it has ended', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  await mina.room.composer.pressSequentially('I am');
  await expect(jun.room.typing).toContainText('Mina');
  await expect(mina.room.typing).not.toContainText('Mina');
  await mina.room.composer.press('Enter');
  await expect(jun.room.row('I am')).toHaveCount(1);
  await expect(jun.room.typing).not.toContainText('Mina');
});

test('consecutive messages of one author share a head, and the day stands above them', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  for (const text of ['one', 'two']) await mina.room.saySettled(text);
  await expect(jun.room.row('two')).toHaveCount(1);
  await jun.room.saySettled('three');
  await expect(mina.room.row('three')).toHaveCount(1);

  const hasHead = (text: string) =>
    mina.room
      .row(text)
      .locator('.author')
      .evaluateAll((authors) => authors.some((author) => author.getBoundingClientRect().height > 1));
  expect(await hasHead('one')).toBe(true);
  expect(await hasHead('two')).toBe(false);
  expect(await hasHead('three')).toBe(true);
  // The test may run over midnight: then there are two days, and the first still stands on top.
  const days = mina.room.timeline.getByRole('separator').and(mina.page.locator('.day'));
  await expect(days.first()).toContainText(/\d/);
  expect(await days.count()).toBeLessThanOrEqual(2);
});
