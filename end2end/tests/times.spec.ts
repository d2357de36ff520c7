// Times: in the page's language, by the browser's own region and clock, and never on top of the words.
import { expect, test } from './support/fixtures';
import type { Person, PersonOptions } from './support/person';

const PHONE = { width: 390, height: 844 };

/** The time at the head of a message. */
const shown = (person: Person) => person.room.rows.first().locator('time');

const BROWSERS: { locale: string; time: RegExp; moment: RegExp }[] = [
  { locale: 'en-US', time: /^\d{1,2}:\d\d[\s\u202f][AP]M$/, moment: /day, [A-Z][a-z]+ \d{1,2}, \d{4}/ },
  { locale: 'en-GB', time: /^\d\d:\d\d$/, moment: /day,? \d{1,2} [A-Z][a-z]+ \d{4}/ },
  // A language that the page has no texts in: English words, German conventions.
  { locale: 'de-DE', time: /^\d\d:\d\d$/, moment: /day,? \d{1,2} [A-Z][a-z]+ \d{4}/ },
  { locale: 'ko-KR', time: /^(오전|오후|AM|PM) \d{1,2}:\d\d$/, moment: /^\d{4}년 \d{1,2}월 \d{1,2}일 .요일/ },
];

for (const { locale, time, moment } of BROWSERS) {
  test(`a browser in ${locale} shows its own clock`, async ({ newPerson }) => {
    const mina = await newPerson('Mina', { locale });
    await mina.room.saySettled('What time is it?');
    await expect(shown(mina)).toHaveText(time);
    await expect(shown(mina)).toHaveAttribute('title', moment);
    // As it is filled in after the server's first render.
    await mina.page.reload();
    await mina.room.live();
    await expect(shown(mina)).toHaveText(time);
    await expect(mina.page.locator('.day time')).toHaveText(moment);
  });
}

test('another language of the page changes the words and not the clock', async ({ newPerson }) => {
  const mina = await newPerson('Mina', { locale: 'de-DE' });
  await mina.room.saySettled('What time is it?');
  await mina.page.getByRole('button', { name: '한국어' }).click();
  await expect(mina.page.locator('.day time')).toHaveText(/^\d{4}년/);
  await expect(shown(mina)).toHaveText(/^\d\d:\d\d$/);
});

const PAGES: { name: string; options: PersonOptions; widest: string[] }[] = [
  { name: 'wide', options: {}, widest: ['10:58 PM', '22:58', '10:58 p.\u00a0m.'] },
  { name: 'wide, in Korean', options: { locale: 'ko-KR' }, widest: ['오후 10:58'] },
  { name: 'a phone', options: { viewport: PHONE }, widest: ['10:58 PM', '10:58 p.\u00a0m.'] },
  { name: 'a phone, in Korean', options: { viewport: PHONE, locale: 'ko-KR' }, widest: ['오후 10:58'] },
];

for (const { name, options, widest } of PAGES) {
  test(`the time of a message within a group stands in the margin, beside its words: ${name}`, async ({ newPerson }) => {
    const mina = await newPerson('Mina', options);
    await mina.room.saySettled('The first has its time at the head');
    await mina.room.saySettled('The second has it in the margin');
    const row = mina.room.row('The second has it in the margin');
    const time = row.locator('time');
    await row.hover();
    await expect(time).toHaveCSS('opacity', '1');
    for (const text of [await time.innerText(), ...widest]) {
      // What the clock would say at another hour.
      await time.evaluate((element, text) => (element.textContent = text), text);
      const boxes = await row.evaluate((row) => {
        const box = (selector: string) => row.querySelector(selector)!.getBoundingClientRect().toJSON() as DOMRect;
        return { row: row.getBoundingClientRect().toJSON() as DOMRect, time: box('time'), words: box('.text') };
      });
      expect(boxes.time.width, text).toBeGreaterThan(0);
      expect(boxes.time.right, `${text} ends before the words`).toBeLessThanOrEqual(boxes.words.left);
      expect(boxes.time.left, `${text} begins within the row`).toBeGreaterThanOrEqual(boxes.row.left);
      expect(boxes.time.top, `${text} is not above the row`).toBeGreaterThanOrEqual(boxes.row.top - 1);
      expect(boxes.time.bottom, `${text} is not below the row`).toBeLessThanOrEqual(boxes.row.bottom + 1);
    }
  });
}
