// Lazy pages: their code comes when they are shown, and where it does not come the page that the server renders works.
import { type Page } from '@playwright/test';

import { expect, test } from './support/fixtures';

const CHUNKS = '**/pkg/chunks/*';

/** The chunks that a page has asked for. */
function chunksOf(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/pkg/chunks/')) asked.push(request.url());
  });
  return asked;
}

/** Marks the document, so that it shows when another has taken its place. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => (document.body.dataset.document = 'the first'));
}

async function expectMarked(page: Page, is: boolean): Promise<void> {
  await expect(page.locator('body[data-document="the first"]')).toHaveCount(is ? 1 : 0);
}

test('a room fetches no chunk; the form for a new room comes with its own, without a new document', async ({
  newPerson,
  madang,
}) => {
  const mina = await newPerson('Mina');
  const asked = chunksOf(mina.page);
  await mina.room.open(madang.origin);
  await mina.room.live();
  await mark(mina.page);
  expect(asked).toEqual([]);
  await mina.page.locator('a[href="/rooms/new"]').first().click();
  await mina.page.locator('input[name="name"]').fill('Garden');
  expect(asked.length).toBeGreaterThan(0);
  await mina.page.locator('form[action="/rooms"] button').click();
  await expect(mina.page.getByRole('heading', { level: 1, name: 'Garden' })).toBeVisible();
  await mina.page.goBack();
  await expect(mina.page.locator('form[action="/rooms"]')).toBeVisible();
  await mina.page.goBack();
  await expect(mina.room.composer).toBeVisible();
  await expectMarked(mina.page, true);
  // What has come once is not fetched again.
  expect(new Set(asked).size).toBe(asked.length);
});

test('until the chunk has come the room stays and is live; who goes elsewhere meanwhile stays there', async ({
  newPerson,
  madang,
}) => {
  const jun = await newPerson('Jun');
  const mina = await newPerson('Mina');
  await mina.room.create(madang.origin, 'Garden');
  await mina.room.live();
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await mina.room.open(madang.origin);
  await mina.room.live();
  await mina.page.route(CHUNKS, async (route) => {
    await released;
    await route.continue();
  });
  const asked = mina.page.waitForRequest(CHUNKS);
  await mina.page.locator('a[href="/rooms/new"]').first().click();
  await asked;
  await jun.room.saySettled('still here?');
  await expect(mina.room.row('still here?')).toHaveCount(1);
  await mina.room.roomLink('garden').click();
  await expect(mina.page.getByRole('heading', { level: 1, name: 'Garden' })).toBeVisible();
  const came = mina.page.waitForResponse(CHUNKS);
  release();
  await (await came).finished();
  await mina.room.saySettled('planted');
  await expect(mina.page).toHaveURL(`${madang.origin}/r/garden`);
});

test('without its chunk the form for a new room is the server’s, and works', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  mina.mayComplain(/Failed to load resource|Failed to fetch|TypeError|brought to life/);
  await mina.room.open(madang.origin);
  await mina.room.live();
  await mark(mina.page);
  // As after a deploy: the server has chunks of other names.
  await mina.page.route(CHUNKS, (route) => route.fulfill({ status: 404 }));
  await mina.page.locator('a[href="/rooms/new"]').first().click();
  await expectMarked(mina.page, false);
  await expect(mina.page.locator('#not-live')).toContainText('does not update by itself');
  await mina.page.locator('input[name="name"]').fill('Garden');
  await mina.page.locator('form[action="/rooms"] button').click();
  await expect(mina.page.getByRole('heading', { level: 1, name: 'Garden' })).toBeVisible();
  await mina.room.live();
});

test('without its chunk the page to join is the server’s, and works', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina', { joined: false });
  mina.mayComplain(/Failed to load resource|Failed to fetch|TypeError|brought to life/);
  await mina.page.route(CHUNKS, (route) => route.abort());
  const failed = mina.page.waitForEvent('requestfailed');
  await mina.page.goto(madang.origin);
  await failed;
  await mina.page.locator('input[name="name"]').fill('Mina');
  await mina.page.locator('form[action="/join"] button').click();
  await mina.room.live();
  await mina.room.saySettled('here');
});

test('a chunk that fails while the connection is down leaves the room as it is, and comes later', async ({
  newPerson,
  madang,
}) => {
  const mina = await newPerson('Mina');
  mina.mayComplain(/Failed to load resource|Failed to fetch|TypeError|WebSocket|ERR_/);
  await mina.room.open(madang.origin);
  await mina.room.live();
  await mark(mina.page);
  await madang.stop('SIGKILL');
  await expect(mina.page.locator('body')).not.toHaveAttribute('data-live', 'true');
  const failed = mina.page.waitForEvent('requestfailed', (request) => request.url().includes('/pkg/chunks/'));
  await mina.page.locator('a[href="/rooms/new"]').first().click();
  await failed;
  await mina.room.say('said while it is down');
  await expect(mina.room.row('said while it is down')).toHaveCount(1);
  await madang.start();
  await expect(mina.room.row('said while it is down')).toHaveAttribute('data-state', 'settled', { timeout: 30_000 });
  await mina.page.locator('a[href="/rooms/new"]').first().click();
  await expect(mina.page.locator('form[action="/rooms"]')).toBeVisible();
  await expectMarked(mina.page, true);
});

test('who goes back to a page whose chunk cannot be fetched while the connection is down is there once it is up', async ({
  newPerson,
  madang,
}) => {
  const mina = await newPerson('Mina');
  mina.mayComplain(/Failed to load resource|Failed to fetch|TypeError|WebSocket|ERR_/);
  await mina.room.open(madang.origin);
  await mina.room.live();
  await mina.page.locator('a[href="/rooms/new"]').first().click();
  await mina.page.locator('input[name="name"]').fill('Garden');
  await mina.room.roomLink('lobby').first().click();
  await expect(mina.room.composer).toBeVisible();
  // The new document has not fetched the chunk that the one before had; the browser may have kept it.
  await mina.page.reload();
  await mina.page.route(CHUNKS, (route) => route.abort());
  await mina.room.live();
  await madang.stop('SIGKILL');
  await expect(mina.page.locator('body')).not.toHaveAttribute('data-live', 'true');
  const failed = mina.page.waitForEvent('requestfailed', (request) => request.url().includes('/pkg/chunks/'));
  await mina.page.goBack();
  await failed;
  await expect(mina.page).toHaveURL(`${madang.origin}/rooms/new`);
  await expect(mina.room.composer).toBeVisible();
  await mina.page.unroute(CHUNKS);
  await madang.start();
  await expect(mina.page.locator('form[action="/rooms"]')).toBeVisible({ timeout: 30_000 });
});
