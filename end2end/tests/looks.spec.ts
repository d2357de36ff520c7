// Languages, themes, and the layout on a phone.
import { expect, test } from './support/fixtures';
import { Wire } from './support/wire';

const PHONE = { width: 390, height: 844 };

test('a browser that asks for Korean gets Korean, from the first page on', async ({ newPerson }) => {
  const mina = await newPerson('미나', { locale: 'ko-KR', joined: false });
  await expect(mina.page.locator('html')).toHaveAttribute('lang', 'ko');
  await expect(mina.joinPage.button).toHaveText(/[가-힣]/);
  await mina.joinPage.join('미나');
  await mina.room.live();
  await expect(mina.page.locator('html')).toHaveAttribute('lang', 'ko');
  await expect(mina.room.send).toHaveAccessibleName(/[가-힣]/);
  await expect(mina.room.rooms).toHaveAccessibleName(/[가-힣]/);
  await expect(mina.page.getByText('Leave Madang')).toHaveCount(0);
});

test('on a Korean page the lobby is called 로비, whatever the language was before', async ({ newPerson }) => {
  const mina = await newPerson('미나', { locale: 'ko-KR' });
  await mina.room.live();
  const named = async (name: string, title: string) => {
    await expect(mina.page.locator('.room-title h1')).toHaveText(name);
    await expect(mina.room.roomLink('lobby').locator('.room-name')).toHaveText(name);
    await expect(mina.page).toHaveTitle(title);
    await expect(mina.page).toHaveURL(/\/r\/lobby$/);
  };
  await named('로비', '로비 – 마당');
  // As the server renders it.
  await mina.page.reload();
  await named('로비', '로비 – 마당');
  await mina.room.live();
  await mina.page.getByRole('button', { name: 'English' }).click();
  await named('lobby', 'lobby – Madang');
  await mina.page.getByRole('button', { name: '한국어' }).click();
  await named('로비', '로비 – 마당');
});

test('avatars show whole characters, alike from the server and in the browser', async ({ newPerson }) => {
  const flag = await newPerson('🇰🇷');
  const family = await newPerson('👨‍👩‍👧‍👦');
  await flag.room.live();
  await family.room.live();
  await expect(family.room.member('🇰🇷').locator('.avatar')).toHaveText('🇰🇷');
  await expect(flag.room.member('👨‍👩‍👧‍👦').locator('.avatar')).toHaveText('👨‍👩‍👧‍👦');
  await flag.page.reload();
  await expect(flag.room.member('👨‍👩‍👧‍👦').locator('.avatar')).toHaveText('👨‍👩‍👧‍👦');
});

test('the language is switched by hand, and stays', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  await expect(mina.page.locator('html')).toHaveAttribute('lang', 'en');
  await mina.page.getByRole('button', { name: '한국어' }).click();
  await expect(mina.page.locator('html')).toHaveAttribute('lang', 'ko');
  await expect(mina.room.send).toHaveAccessibleName(/[가-힣]/);
  await mina.page.reload();
  await mina.room.live();
  await expect(mina.page.locator('html')).toHaveAttribute('lang', 'ko');
  await mina.page.getByRole('button', { name: 'English' }).click();
  await expect(mina.page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(mina.room.send).toHaveAccessibleName('Send');
});

test('the theme follows the system until one is chosen, and then stays', async ({ newPerson }) => {
  const mina = await newPerson('Mina', { colorScheme: 'light' });
  const paper = () => mina.page.locator('html').evaluate((root) => getComputedStyle(root).backgroundColor);
  const light = await paper();
  await mina.page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(paper).not.toBe(light);
  const dark = await paper();

  await mina.page.getByRole('button', { name: 'Light', exact: true }).click();
  await expect(mina.page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect.poll(paper).toBe(light);
  await mina.page.reload();
  await expect.poll(paper).toBe(light);
  await mina.room.live();

  await mina.page.getByRole('button', { name: 'Dark', exact: true }).click();
  await expect(mina.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect.poll(paper).toBe(dark);
});

for (const side of ['rooms', 'members'] as const) {
  test(`on a phone, ${side} are a drawer that the keyboard opens and Escape closes`, async ({ newPerson }) => {
    const mina = await newPerson('Mina', { viewport: PHONE });
    const drawer = mina.page.locator(`#${side}`);
    const opener = mina.page.locator(`#open-${side}`);
    await expect(drawer).not.toBeInViewport();
    await expect(mina.room.composer).toBeInViewport();

    await opener.focus();
    await opener.press('Enter');
    await expect(drawer).toBeInViewport();
    // A popover: the browser itself tells that its opener is expanded.
    await expect.poll(() => drawer.evaluate((box) => box.matches(':popover-open'))).toBe(true);
    await expect.poll(() => drawer.evaluate((box) => box.contains(document.activeElement))).toBe(true);
    await mina.page.keyboard.press('Escape');
    await expect(drawer).not.toBeInViewport();
    await expect(opener).toBeFocused();
  });
}

test('on a phone nothing is wider than the screen', async ({ newPerson }) => {
  const mina = await newPerson('Mina', { viewport: { width: 320, height: 640 } });
  await mina.room.saySettled(`${'long'.repeat(80)} https://example.com/${'x'.repeat(200)}`);
  const overflow = () => mina.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
});

test('on a desktop, rooms and members are always there', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  await expect(mina.room.rooms).toBeInViewport();
  await expect(mina.room.members).toBeInViewport();
  await expect(mina.room.member('Mina')).toHaveAttribute('data-online', 'true');
});

test('what is long on its way says so beside its words, not over them', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const wire = await Wire.of(mina.page);
  await mina.page.reload();
  await mina.room.live();
  wire.fromPage = (frame) => (frame.includes('"message.post"') ? null : frame);
  for (const text of ['short', 'a line that goes on and on '.repeat(12), 'שלום לכולם']) {
    await mina.room.say(text);
    const row = mina.room.row(text.trim()).last();
    const mark = row.locator('.on-its-way');
    await expect(mark).toBeVisible();
    const meets = await row.evaluate((row) => {
      const mark = row.querySelector('.on-its-way')?.getBoundingClientRect();
      const words = document.createRange();
      words.selectNodeContents(row.querySelector('.text') as Element);
      const over = (a: DOMRect, b: DOMRect) =>
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
      return mark !== undefined && [...words.getClientRects()].some((line) => over(line, mark));
    });
    expect(meets, text).toBe(false);
  }
});
