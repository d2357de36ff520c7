// Accessibility: axe-core, and announcements to screen readers.
import { expectAccessible } from './support/axe';
import { expect, test } from './support/fixtures';
import { seed } from './support/seed';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe-core finds nothing on any page, ${colorScheme}`, async ({ newPerson, madang }) => {
    const jun = await newPerson('Jun');
    await jun.room.create(madang.origin, 'Garden', 'Tulips and more');
    const mina = await newPerson('Mina', { colorScheme, joined: false });
    mina.mayComplain(/status of 404/);
    await expectAccessible(mina.page, 'the join page');
    await mina.joinPage.join('Jun');
    await expect(mina.joinPage.refusal).toBeVisible();
    await expectAccessible(mina.page, 'the join page with a refusal');

    await mina.joinPage.join('Mina');
    await mina.room.live();
    await mina.room.saySettled('Hello, see https://example.com');
    await mina.room.saySettled('to be deleted');
    await mina.room.delete(mina.room.row('to be deleted'));
    await expect(mina.room.rows.locator('.deleted')).toHaveCount(1);
    await expectAccessible(mina.page, 'a room');
    await mina.room.act(mina.room.rows.first(), 'Edit');
    await expect(mina.page.getByRole('textbox', { name: 'Edit message' })).toBeFocused();
    await expectAccessible(mina.page, 'a room while editing');

    await mina.room.open(madang.origin, 'garden');
    await expect(mina.room.joinRoom).toBeVisible();
    await expectAccessible(mina.page, 'a room that one is not in');
    await mina.page.goto(`${madang.origin}/rooms/new`);
    await expect(mina.page.locator('form[action="/rooms"]')).toBeVisible();
    await expectAccessible(mina.page, 'the new room');
    await mina.page.goto(`${madang.origin}/nowhere/at/all`);
    await expect(mina.page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible(mina.page, 'the page that is not there');
  });

  test(`axe-core finds nothing on a phone, drawers open, ${colorScheme}`, async ({ newPerson }) => {
    const mina = await newPerson('미나', { colorScheme, locale: 'ko-KR', viewport: { width: 390, height: 844 } });
    await mina.room.saySettled('안녕하세요');
    await expectAccessible(mina.page, 'a room on a phone');
    for (const side of ['rooms', 'members']) {
      await mina.page.locator(`#open-${side}`).click();
      await expect(mina.page.locator(`#${side}`)).toBeInViewport();
      await expectAccessible(mina.page, `the drawer ${side}`);
      await mina.page.keyboard.press('Escape');
      await expect(mina.page.locator(`#${side}`)).not.toBeInViewport();
    }
  });
}

test('axe-core finds nothing while the link is down', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  mina.mayLoseTheServer();
  await madang.stop();
  await mina.room.say('pending');
  await expect(mina.room.row('pending')).toHaveAttribute('data-state', 'pending');
  await expect(mina.room.banner).toBeVisible();
  await expectAccessible(mina.page, 'a room without a link');
});

test('a screen reader is told of new messages of others, and of nothing else', async ({ newPerson, madang }) => {
  await seed(madang, 120);
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  await expect(mina.room.announcer).toHaveAttribute('aria-live', 'polite');
  await expect(mina.room.timeline).toHaveAttribute('aria-live', 'off');
  const heard = await mina.room.announcer.evaluateHandle((region) => {
    const texts: string[] = [];
    new MutationObserver(() => texts.push(region.textContent ?? '')).observe(region, {
      childList: true,
      characterData: true,
      subtree: true,
    });
    return texts;
  });

  // History, one's own message, and an edit are no news.
  await mina.room.timeline.evaluate((box) => (box.scrollTop = 0));
  await expect
    .poll(() => mina.room.rows.evaluateAll((rows) => Math.min(...rows.map((row) => Number(row.getAttribute('data-seq'))))))
    .toBeLessThan(60);
  await mina.room.saySettled('my own');
  await jun.room.saySettled('news of Jun');
  await expect(mina.room.announcer).toContainText('news of Jun');
  await expect(mina.room.announcer).toContainText('Jun');
  const said = (await heard.jsonValue()).join('\n');
  expect(said).toContain('news of Jun');
  expect(said).not.toContain('Seeded');
  expect(said).not.toContain('my own');
});
