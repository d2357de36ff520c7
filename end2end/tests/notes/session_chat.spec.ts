// N1: the note's own page with client 1.7.3 and jQuery, at Madang's address and at one of its own.
import { type Browser, type Page } from '@playwright/test';

import { Madang } from '../support/server';
import { Client, HELLO } from './support/clients';
import { expect, test } from './support/fixtures';
import { openAtMadang, PageHost } from './support/note_page';

async function say(page: Page, name: string, text: string): Promise<void> {
  await page.locator('input.username').fill(name);
  await page.locator('input.message').fill(text);
  await page.locator('input[type=submit]').click();
}

async function newPage(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage();
}

test('1.8 two browsers at one address talk to each other', async ({ browser, madang }) => {
  const [one, other] = [await newPage(browser), await newPage(browser)];
  for (const page of [one, other]) await openAtMadang(page, madang.origin, 'n1');
  await say(one, '민수', HELLO);
  for (const page of [one, other]) {
    await expect(page.locator('div.message_holder > div')).toHaveText([`민수 ${HELLO}`]);
  }
  await say(other, '지나', '반가워요');
  for (const page of [one, other]) {
    await expect(page.locator('div.message_holder > div')).toHaveText([`민수 ${HELLO}`, '지나 반가워요']);
  }
  for (const page of [one, other]) await page.context().close();
});

test('1.6 the first message takes the place of the notice, later ones go below it', async ({ page, madang }) => {
  await openAtMadang(page, madang.origin, 'n1');
  await expect(page.locator('h3')).toHaveText('No message yet..');
  await say(page, '민수', 'one');
  await expect(page.locator('h3')).toHaveCount(0);
  await say(page, '민수', 'two');
  const rows = page.locator('div.message_holder > div');
  await expect(rows).toHaveText(['민수 one', '민수 two']);
  await expect(rows.locator('b')).toHaveText(['민수', '민수']);
});

test('1.5 after sending the message is empty and focused, and the name stays', async ({ page, madang }) => {
  await openAtMadang(page, madang.origin, 'n1');
  await say(page, '민수', HELLO);
  await expect(page.locator('div.message_holder > div')).toHaveCount(1);
  await expect(page.locator('input.message')).toHaveValue('');
  await expect(page.locator('input.message')).toBeFocused();
  await expect(page.locator('input.username')).toHaveValue('민수');
});

for (const webSocket of [true, false]) {
  const how = webSocket ? 'over WebSocket' : 'without WebSocket';
  test(`1.1 a page at a host of its own works when its origin is allowed, ${how}`, async ({ page }) => {
    const host = await PageHost.started();
    const madang = await Madang.started('--allow-origin', host.origin);
    const other = await Client.connected(madang.origin);
    await host.open(page, madang.origin, 'n1', { webSocket });
    // The page binds its form when it is connected, and before that would leave.
    await expect.poll(() => madang.said.split('a user connected').length - 1).toBe(2);
    await say(page, '민수', HELLO);
    await other.hears(HELLO);
    await expect(page.locator('div.message_holder > div')).toHaveText([`민수 ${HELLO}`]);
    other.say(`${HELLO} too`);
    await expect(page.locator('div.message_holder > div').nth(1)).toContainText(`${HELLO} too`);
    other.disconnect();
    await madang.dispose();
    await host.stop();
  });
}

test('1.1 a page at a host that is not allowed stays outside', async ({ page, madang }) => {
  const host = await PageHost.started();
  const refused = page.waitForEvent('requestfailed', (request) => request.url().startsWith(madang.origin));
  await host.open(page, madang.origin, 'n1');
  await refused;
  expect(madang.said).not.toContain('a user connected');
  await host.stop();
});
