// N2: the note's own page, with the library that Madang serves and a bare `io()`; and that library's addresses.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

import { HELLO } from './support/clients';
import { expect, test } from './support/fixtures';
import { openAtMadang } from './support/note_page';

const dist = path.join(path.dirname(createRequire(import.meta.url).resolve('socket.io-client/package.json')), 'dist');

for (const webSocket of [true, false]) {
  const how = webSocket ? 'over WebSocket' : 'without WebSocket';
  test(`2.8 a bare io() connects to the same origin, ${how}`, async ({ page, madang, newClient }) => {
    const other = await newClient();
    await openAtMadang(page, madang.origin, 'n2', { webSocket });
    await page.locator('#input').fill(HELLO);
    await page.keyboard.press('Enter');
    await expect(page.locator('#messages li')).toHaveText([HELLO]);
    await other.hears(HELLO);
    other.say(`${HELLO} too`);
    await expect(page.locator('#messages li')).toHaveText([HELLO, `${HELLO} too`]);
  });
}

test('2.7 empty does nothing, text is text, the page scrolls to the bottom', async ({ page, madang }) => {
  await openAtMadang(page, madang.origin, 'n2');
  const rows = page.locator('#messages li');
  const say = async (text: string) => {
    await page.locator('#input').fill(text);
    await page.locator('#form button').click();
    await expect(page.locator('#input')).toHaveValue('');
  };
  await say('');
  await say('<b>bold</b>');
  await expect(rows).toHaveText(['<b>bold</b>']);
  for (let n = 1; n < 40; n += 1) await say(`row ${n}`);
  await expect(rows).toHaveCount(40);
  await expect(rows.last()).toBeInViewport();
  const form = (await page.locator('#form').boundingBox())!;
  const view = page.viewportSize()!;
  expect([form.x, form.width, form.y + form.height]).toEqual([0, view.width, view.height]);
  const colours = await rows.evaluateAll((rows) => rows.slice(0, 2).map((row) => getComputedStyle(row).backgroundColor));
  expect(colours[0]).not.toBe(colours[1]);
  await expect(page).toHaveURL(/n2\.html$/);
});

const scripts = ['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js', 'socket.io.msgpack.min.js'];
for (const name of scripts.flatMap((script) => [script, `${script}.map`])) {
  test(`2.8 ${name} is the official client's`, async ({ request, madang }) => {
    const address = `${madang.origin}/socket.io/${name}?v=1`;
    const published = await readFile(path.join(dist, name), 'utf8');
    for (const encoding of ['identity', 'br']) {
      const answer = await request.get(address, { headers: { 'accept-encoding': encoding } });
      expect(answer.status()).toBe(200);
      expect(await answer.text()).toBe(published);
      const kind = name.endsWith('.map') ? 'application/json; charset=utf-8' : 'text/javascript; charset=utf-8';
      expect(answer.headers()['content-type']).toBe(kind);
      expect(answer.headers()['content-encoding']).toBe(encoding === 'br' ? 'br' : undefined);
      const tag = answer.headers()['etag'];
      expect(tag).toMatch(/^"[0-9a-f]+"$/);
      const again = await request.get(address, { headers: { 'accept-encoding': encoding, 'if-none-match': tag } });
      expect(again.status()).toBe(304);
      expect((await again.body()).length).toBe(0);
    }
  });
}

test('2.8 the module works as a module', async ({ page, madang }) => {
  await page.goto(`${madang.origin}/html/a`);
  const id = await page.evaluate(async () => {
    const { io } = (await import(`${location.origin}/socket.io/socket.io.esm.min.js`)) as {
      io: () => { id?: string; on: (name: string, handler: () => void) => void };
    };
    const socket = io();
    await new Promise<void>((connected) => socket.on('connect', connected));
    return socket.id;
  });
  expect(id).toBeTruthy();
});
