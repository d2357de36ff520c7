// What a first visit downloads where a browser asks for no brotli: over plain http, on a host that is not this machine.
import type { CDPSession } from '@playwright/test';

import { JoinPage, RoomPage } from './support/chat';
import { expect, test } from './support/fixtures';
import { seed } from './support/seed';
import { Madang } from './support/server';

/** A name that leads to this machine, of which the browser does not know that. */
const HOST = 'madang.example';
/** Most bytes of a room's page and all that it loads. */
const MOST = 270_000;

/** What was downloaded, as it came over the wire, heads included. */
class Downloads {
  readonly bytes = new Map<string, number>();
  readonly encodings = new Map<string, string>();
  private readonly addresses = new Map<string, string>();
  private readonly pending = new Set<string>();

  static async of(session: CDPSession): Promise<Downloads> {
    const downloads = new Downloads();
    session.on('Network.requestWillBeSent', ({ requestId, request }) => {
      downloads.addresses.set(requestId, new URL(request.url).pathname);
      downloads.pending.add(requestId);
    });
    session.on('Network.responseReceived', ({ requestId, response }) => {
      const encoding = Object.entries(response.headers).find(([name]) => name.toLowerCase() === 'content-encoding');
      downloads.encodings.set(downloads.addresses.get(requestId) ?? requestId, encoding?.[1] ?? 'identity');
    });
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const address = downloads.addresses.get(requestId) ?? requestId;
      downloads.bytes.set(address, (downloads.bytes.get(address) ?? 0) + encodedDataLength);
      downloads.pending.delete(requestId);
    });
    session.on('Network.loadingFailed', ({ requestId }) => downloads.pending.delete(requestId));
    await session.send('Network.enable');
    return downloads;
  }

  get isDone(): boolean {
    return this.pending.size === 0;
  }

  get sum(): number {
    return [...this.bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }
}

test('the first load over plain http takes 270 kB at most', async ({ playwright, launchOptions }, info) => {
  const madang = await Madang.started('--public-url', `http://${HOST}`);
  const args = [...(launchOptions.args ?? []), `--host-resolver-rules=MAP ${HOST} 127.0.0.1`];
  const browser = await playwright.chromium.launch({ ...launchOptions, args });
  const origin = `http://${HOST}:${new URL(madang.origin).port}`;
  try {
    // A room as it is in the midst of a day.
    await seed(madang, 60);
    const before = await browser.newContext();
    const join = new JoinPage(await before.newPage());
    await join.open(origin);
    await join.join('Mina');
    await new RoomPage(join.page).live();
    const cookies = await before.cookies();
    await before.close();

    // The same person with an empty cache.
    const context = await browser.newContext();
    await context.addCookies(cookies);
    const page = await context.newPage();
    const downloads = await Downloads.of(await context.newCDPSession(page));
    await page.goto(`${origin}/r/lobby`);
    expect(await page.evaluate(() => isSecureContext), 'as everywhere without https').toBe(false);
    await new RoomPage(page).live();
    await expect.poll(() => downloads.isDone).toBe(true);

    const table = [...downloads.bytes].map(([path, bytes]) => `${bytes} ${downloads.encodings.get(path)} ${path}`);
    await info.attach('downloads', { body: table.join('\n') });
    const kinds = [...downloads.bytes.keys()].map((path) => path.split('.').pop());
    expect(kinds, table.join('\n')).toEqual(expect.arrayContaining(['/r/lobby', 'wasm', 'js', 'css']));
    for (const [path, encoding] of downloads.encodings) {
      if (path === '/r/lobby' || path.startsWith('/pkg/')) expect(encoding, path).toBe('gzip');
    }
    expect(downloads.sum, table.join('\n')).toBeLessThanOrEqual(MOST);
    console.log(`the first load over plain http: ${downloads.sum} bytes`);
  } finally {
    await browser.close();
    await madang.dispose();
  }
});
