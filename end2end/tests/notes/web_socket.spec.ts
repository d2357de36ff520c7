// N4: the browser's own WebSocket, on one of Madang's pages, without any library.
import { HELLO } from './support/clients';
import { expect, test } from './support/fixtures';
import { connect, heard } from './support/plain_socket';

for (const path of ['/ws', '/']) {
  test(`4.1 the browser's WebSocket is greeted at ${path}`, async ({ page, madang }) => {
    await connect(page, madang.origin, path);
    await expect.poll(() => heard(page)).toEqual(['Hello, I am walli']);
    expect(await page.evaluate(() => window.plain.socket.protocol)).toBe('');
  });
}

test("4.2 the browser's WebSocket says and hears texts", async ({ page, madang, newClient }) => {
  const other = await newClient();
  await connect(page, madang.origin, '/ws');
  await expect.poll(() => heard(page)).toHaveLength(1);
  await page.evaluate((text) => window.plain.socket.send(text), HELLO);
  await other.hears(HELLO);
  other.say(`${HELLO} too`);
  await expect.poll(() => heard(page)).toHaveLength(2);
  expect((await heard(page))[1]).toMatch(new RegExp(`^guest-.+: ${HELLO} too$`));
  await expect.poll(() => madang.said).toMatch(new RegExp(`Received .*bytes=${Buffer.byteLength(HELLO)}`));
});

test('2.1 a WebSocket is closed from both sides', async ({ page, madang }) => {
  await connect(page, madang.origin, '/ws');
  await expect.poll(() => heard(page)).toHaveLength(1);
  await page.evaluate(() => window.plain.socket.close(1000));
  await expect.poll(() => page.evaluate(() => window.plain.closed)).toBe(1000);
  await connect(page, madang.origin, '/ws');
  await expect.poll(() => heard(page)).toHaveLength(1);
  await madang.stop('SIGTERM');
  await expect.poll(() => page.evaluate(() => window.plain.closed)).toBe(1001);
});
