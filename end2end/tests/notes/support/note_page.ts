// The notes' own client pages, unchanged except for the host name.
//
// What they load from other hosts comes from npm instead: the very versions of the Socket.IO client, and jQuery.
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Page } from '@playwright/test';

const require = createRequire(import.meta.url);
const here = path.dirname(fileURLToPath(import.meta.url));

export type Note = 'n0' | 'n1' | 'n2';

/** Where N1's page says that its server is. */
const HOST_OF_N1 = 'http://0.0.0.0:5001';

/** What is loaded from elsewhere, and the file that it is. */
const ELSEWHERE: [RegExp, string][] = [
  [/\/socket\.io\/1\.3\.6\/socket\.io\.min\.js$/, 'sio136/socket.io.js'],
  [/\/socket\.io\/1\.7\.3\/socket\.io\.min\.js$/, 'sio173/dist/socket.io.min.js'],
  [/\/jquery[-./\d]+(\/jquery)?(\.min)?\.js$/, 'jquery1/dist/jquery.min.js'],
];

export interface Options {
  /** Whether the browser has WebSocket. */
  webSocket?: boolean;
}

/** Opens a note's page as if Madang itself had served it. */
export async function openAtMadang(page: Page, origin: string, note: Note, options: Options = {}): Promise<void> {
  // Chromium takes a page that a test serves for one from the internet, and such a page may not open a WebSocket to
  // this machine unasked.
  await page.context().grantPermissions(['local-network-access'], { origin });
  const address = `${origin}/notes/${note}.html`;
  const body = await text(note, origin);
  await page.route(address, (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
  await open(page, address, options);
}

/** A host of its own for one note's page, that knows Madang by its address. */
export class PageHost {
  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  private page = '';

  static async started(): Promise<PageHost> {
    const server = createServer();
    await new Promise<void>((done, failed) => {
      server.once('error', failed);
      server.listen(0, '127.0.0.1', done);
    });
    const host = new PageHost(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (_, answer) => {
      answer.setHeader('content-type', 'text/html; charset=utf-8');
      answer.end(host.page);
    });
    return host;
  }

  async open(page: Page, madang: string, note: Note, options: Options = {}): Promise<void> {
    this.page = await text(note, madang);
    await open(page, `${this.origin}/`, options);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

async function text(note: Note, madang: string): Promise<string> {
  const html = await readFile(path.join(here, '../pages', `${note}.html`), 'utf8');
  return html.replace(HOST_OF_N1, madang);
}

async function open(page: Page, address: string, { webSocket = true }: Options): Promise<void> {
  if (!webSocket) {
    await page.addInitScript(() => {
      Reflect.deleteProperty(window, 'WebSocket');
    });
  }
  await page.route(/cdnjs|googleapis|code\.jquery/, async (route) => {
    const file = ELSEWHERE.find(([address]) => address.test(route.request().url()))?.[1];
    if (file) {
      await route.fulfill({ contentType: 'text/javascript', body: await readFile(require.resolve(file)) });
    } else {
      await route.fulfill({ contentType: 'text/css', body: '' });
    }
  });
  await page.goto(address);
}
