// The pages themselves: languages, no script, accessibility, and what the chat has of them.
import { expectAccessible } from '../support/axe';
import { expect, test } from './support/fixtures';

const SLUGS = ['quick-chat', 'session-chat', 'sockets', 'rooms', 'websocket'] as const;

test('the list leads to each page, a number to its name, and all else to the list', async ({ newLearner, madang }) => {
  const mina = await newLearner();
  mina.mayComplain(/status of 404/);
  for (const [index, slug] of SLUGS.entries()) {
    await expect(mina.page.locator(`.note-card[href="/learn/${slug}"]`)).toBeVisible();
    const answer = await mina.page.request.get(`${madang.origin}/learn/${index + 1}`, { maxRedirects: 0 });
    expect(answer.headers().location).toBe(`/learn/${slug}`);
  }
  const nowhere = await mina.page.goto(`${madang.origin}/learn/nowhere`);
  expect(nowhere?.status()).toBe(404);
  await expect(mina.page.locator('.note-card')).toHaveCount(SLUGS.length);
});

test('a page whose live part does not come says so, and explains itself all the same', async ({ newLearner, madang }) => {
  const mina = await newLearner('quick-chat');
  await expect(mina.page.locator('.workbench')).toBeVisible();
  await expect(mina.page.locator('#not-live')).toBeHidden();
  mina.mayComplain(/could not be started|Failed to load resource|preload/);
  await mina.page.route('**/*.wasm', (route) => route.abort());
  await mina.page.goto(`${madang.origin}/learn/quick-chat`);
  await expect(mina.page.locator('#not-live')).toContainText('has not started');
  await expect(mina.page.locator('.prose h2').nth(1)).toBeVisible();
  await mina.page.unroute('**/*.wasm');
  // One that takes for ever.
  await mina.page.route('**/*.wasm', () => undefined);
  await mina.page.clock.install();
  await mina.page.goto(`${madang.origin}/learn/quick-chat`, { waitUntil: 'domcontentloaded' });
  await expect(mina.page.locator('#not-live')).toBeHidden();
  await mina.page.clock.runFor(10_000);
  await expect(mina.page.locator('#not-live')).toBeVisible();
});

for (const slug of SLUGS) {
  test(`${slug} explains itself in both languages without any script`, async ({ newLearner }) => {
    const titles: string[] = [];
    for (const locale of ['en-US', 'ko-KR']) {
      const learner = await newLearner(slug, { locale, javaScriptEnabled: false });
      // Without a script there is nobody to use what was fetched for it.
      learner.mayComplain(/preloaded using link preload but not used/);
      const { page } = learner;
      await expect(page.locator('html')).toHaveAttribute('lang', locale.slice(0, 2));
      await expect(page.locator('.prose h2').nth(1)).toBeVisible();
      await expect(page.locator('.life')).not.toHaveCount(0);
      await expect(page.locator('noscript')).toBeVisible();
      const heading = await page.getByRole('heading', { level: 1 }).textContent();
      expect(await page.title()).toMatch(new RegExp(`^${heading} – (Madang: learn|마당: 배우기)$`));
      titles.push(await page.title());
    }
    expect(titles[0]).not.toBe(titles[1]);
    expect(titles[1]).toMatch(/[가-힣]/);
  });
}

test('the choice of language and theme leads back to the page', async ({ newLearner, madang }) => {
  const { page, ...mina } = await newLearner('rooms', { locale: 'ko-KR' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('로그인과 방');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Login and rooms');
  await expect(page).toHaveURL(`${madang.origin}/learn/rooms`);
  await expect(mina.disconnect).toBeEnabled();
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByRole('button', { name: 'Dark' })).toHaveAttribute('aria-pressed', 'true');
});

for (const slug of [undefined, ...SLUGS]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe-core finds nothing on ${slug ?? 'the list'}, ${colorScheme}`, async ({ newLearner }) => {
      const wide = await newLearner(slug, { colorScheme });
      await expectAccessible(wide.page, 'the wide page');
      const small = await newLearner(slug, { colorScheme, viewport: { width: 390, height: 844 }, locale: 'ko-KR' });
      await expectAccessible(small.page, 'the page on a phone');
      const overhang = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
      expect(await small.page.evaluate(overhang)).toBe(0);
    });
  }
}

test('a server that does not let these chats speak says so', async ({ newLearner, madang }) => {
  const speaker = await newLearner('sockets');
  await expect(speaker.page.locator('.learn-lead .notice-card:visible')).toHaveCount(0);
  // A page that is left open would ask for the server that is away.
  await speaker.context.close();
  await madang.stop();
  await madang.start(['--dialects', 'read-only']);
  const reader = await newLearner('sockets');
  await expect(reader.page.locator('.learn-lead .notice-card:visible')).toContainText('read-only');
  await reader.context.close();
  await madang.stop();
  await madang.start(['--dialects', 'off']);
  const outsider = await newLearner();
  await outsider.page.goto(`${madang.origin}/learn/sockets`);
  await expect(outsider.page.locator('.learn-lead .notice-card:visible')).toContainText('switched them off');
  await expect(outsider.frames.filter({ hasText: 'connect error' })).toHaveCount(1);
  await outsider.expectStep('close', 'now');
});

test('the chat loads nothing of these pages, and leads to them', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina', { joined: false });
  const asked: string[] = [];
  mina.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await mina.joinPage.open(madang.origin);
  await expect(mina.page.locator('a[href="/learn"]')).toBeVisible();
  await mina.joinPage.join('Mina');
  await mina.room.live();
  expect(asked.some((path) => path.startsWith('/pkg/madang.'))).toBe(true);
  expect(asked.filter((path) => path.includes('learn'))).toEqual([]);

  await mina.page.locator('a[href="/learn"]').click();
  await expect(mina.page).toHaveURL(`${madang.origin}/learn`);
  await mina.page.locator('.note-card').first().click();
  await expect(mina.page.locator('#disconnect')).toBeEnabled();
  expect(asked.some((path) => path.startsWith('/pkg/learn.'))).toBe(true);
});
