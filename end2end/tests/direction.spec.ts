// Right-to-left text in names, messages, rooms and topics, within a left-to-right page.
import type { Locator } from '@playwright/test';

import { expect, test } from './support/fixtures';

/** The left edge of each of these parts of an element's text, in pixels. */
async function edges(element: Locator, ...parts: string[]): Promise<number[]> {
  return element.evaluate((root, parts) => {
    const texts: Text[] = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    return parts.map((part) => {
      const text = texts.find((text) => text.data.includes(part));
      if (!text) throw new Error(`"${part}" is not there`);
      const range = document.createRange();
      range.setStart(text, text.data.indexOf(part));
      range.setEnd(text, text.data.indexOf(part) + part.length);
      return range.getBoundingClientRect().left;
    });
  }, parts);
}

test('a message goes the way of its words, line by line', async ({ newPerson }) => {
  const dana = await newPerson('דנה');
  const jun = await newPerson('Jun');
  await dana.room.saySettled('שלום!');
  for (const person of [dana, jun]) {
    const text = person.room.row('שלום!').locator('.text');
    await expect(text).toHaveCSS('direction', 'rtl');
    const [word, mark] = await edges(text, 'שלום', '!');
    expect(mark, 'the mark ends the sentence').toBeLessThan(word);
    const row = await person.room.row('שלום!').boundingBox();
    expect(word, 'the line begins at the right').toBeGreaterThan(row!.x + row!.width / 2);
    await expect(person.room.row('שלום!').locator('.author')).toHaveCSS('direction', 'rtl');
  }

  await jun.room.say('Hello!\nשלום?');
  const both = dana.room.rows.last().locator('.text');
  await expect(both).toContainText('Hello!');
  await expect(both).toHaveCSS('direction', 'ltr');
  const [hello, helloEnd, shalom, shalomEnd] = await edges(both, 'Hello', '!', 'שלום', '?');
  expect(hello).toBeLessThan(helloEnd);
  expect(shalomEnd).toBeLessThan(shalom);
  expect(shalom).toBeGreaterThan(helloEnd);

  // The server's own render is the same.
  await dana.page.reload();
  await expect(dana.room.row('שלום!').locator('.text')).toHaveCSS('direction', 'rtl');
});

test('a link stays readable, and the note that a message was edited follows its words', async ({ newPerson }) => {
  const dana = await newPerson('דנה');
  await dana.room.saySettled('ראו https://example.com/a?b=1 כאן');
  const text = dana.room.rows.last().locator('.text');
  await expect(text).toHaveCSS('direction', 'rtl');
  await expect(text.locator('a')).toHaveCSS('direction', 'ltr');
  const [before, scheme, end, after] = await edges(text, 'ראו', 'https', 'b=1', 'כאן');
  expect(scheme).toBeLessThan(end);
  expect(after).toBeLessThan(scheme);
  expect(before).toBeGreaterThan(end);

  await dana.room.saySettled('שלום');
  await dana.room.edit('שלום');
  await expect(dana.room.editor).toHaveCSS('direction', 'rtl');
  await dana.room.editor.fill('שלום לכולם');
  await dana.room.editor.press('Enter');
  const content = dana.room.rows.last().locator('.message-content');
  await expect(content).toContainText('(edited)');
  const [words, note] = await edges(content, 'שלום', '(edited)');
  expect(note).toBeLessThan(words);
});

test('what is typed goes the way of its words', async ({ newPerson }) => {
  const dana = await newPerson('דנה', { joined: false });
  await expect(dana.joinPage.name).toHaveCSS('direction', 'ltr');
  await dana.joinPage.name.fill('דנה');
  await expect(dana.joinPage.name).toHaveCSS('direction', 'rtl');
  await dana.joinPage.button.click();
  await dana.room.live();
  await expect(dana.room.composer).toHaveCSS('direction', 'ltr');
  await dana.room.composer.fill('مرحبا!');
  await expect(dana.room.composer).toHaveCSS('direction', 'rtl');
  await expect(dana.room.composer).toHaveCSS('text-align', 'start');
});

test('names within the page’s sentences and lists do not turn what follows them', async ({ newPerson, madang }) => {
  const dana = await newPerson('דנה (2)');
  const notice = dana.page.locator('.notice').last();
  await expect(notice).toContainText('joined');
  const [name, joined] = await edges(notice, 'דנה', 'joined');
  expect(name).toBeLessThan(joined);

  await dana.room.create(madang.origin, 'חדר (3)', 'נושא!');
  await dana.room.live();
  const heading = dana.page.getByRole('heading', { level: 1 });
  const topic = dana.page.locator('.room-topic');
  const link = dana.room.rooms.locator('a[aria-current="page"] .room-name');
  for (const element of [heading, topic, link]) {
    await expect(element).toHaveCSS('direction', 'rtl');
  }
  // The title's string has the name between isolates.
  await expect(dana.page).toHaveTitle('\u2068חדר (3)\u2069 – Madang');
  // They stand where names in other scripts do.
  const [words] = await edges(heading, '(3)');
  const box = await heading.boundingBox();
  expect(words - box!.x).toBeLessThan(40);
  await expect(dana.room.member('דנה').locator('.member-name')).toHaveCSS('direction', 'rtl');

  const jun = await newPerson('Jun');
  await dana.room.open(madang.origin);
  await dana.room.live();
  await dana.room.composer.pressSequentially('x');
  await expect(jun.room.typing).toHaveText('\u2068דנה (2)\u2069 is typing…');
});
