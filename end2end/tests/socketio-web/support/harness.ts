// The page in which socketio-web runs: served by the test itself under /harness of whatever server is tested, so that
// the client is on the server's own origin.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, type Page } from '@playwright/test';

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = process.env.MADANG_HARNESS_DIR ?? path.resolve(here, '../../../../target/harness');
const types: Record<string, string> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

const index = `<!doctype html><meta charset="utf-8"><title>socketio-web</title><script type="module">
  import init, { HarnessClient } from './socketio_web_harness.js';
  await init();
  window.HarnessClient = HarnessClient;
  window.links = [];
</script>`;

/** What the harness takes; times in milliseconds. Left out, the client's own default holds. */
export interface Options {
  transports?: ('websocket' | 'polling')[];
  backoffMin?: number;
  backoffMax?: number;
  upgradeMin?: number;
  upgradeMax?: number;
  connectTimeout?: number;
  ackTimeout?: number;
}

// A type, not an interface: only that may stand where the matchers want any object.
export type State = {
  kind: 'connecting' | 'connected' | 'waiting' | 'refused' | 'closed';
  transport?: 'websocket' | 'polling';
  attempt?: number;
  since?: number;
  retryAt?: number;
  reason?: string;
  error?: { message?: string; data?: unknown };
};

/** What was seen on the wire. */
export interface Wire {
  kind: 'connecting' | 'open' | 'frame' | 'closed';
  transport: 'websocket' | 'polling';
  direction?: 'in' | 'out';
  text?: string;
}

export type Answer = { ok: unknown } | { error: 'timeout' | 'disconnected' | 'encode' };

/** Quick to come back, so that no story waits for long. */
export const QUICK: Options = { backoffMin: 50, backoffMax: 200, connectTimeout: 3000 };

interface PageSocket {
  onState(handler: (state: string) => void): void;
  onAny(handler: (name: string, args: string) => void): void;
  on(event: string, handler: (data: string, reply: { send(data: string): boolean } | null) => void): void;
  state(): string;
  id(): string | undefined;
  emit(event: string, data: string): boolean;
  emitWithAck(event: string, data: string, timeout?: number): Promise<string>;
  reconnect(auth?: string): void;
  disconnect(): void;
}

interface PageClient {
  socket(namespace: string, auth?: string): PageSocket;
  onWire(handler: (seen: string) => void): void;
  open(): void;
  close(): void;
  comeBackIn(ms: number): void;
}

interface PageLink {
  client: PageClient;
  socket: PageSocket;
  states: State[];
  events: { name: string; args: unknown[] }[];
  frames: string[];
  wire: Wire[];
}

declare global {
  interface Window {
    HarnessClient: new (options: string) => PageClient;
    links: PageLink[];
  }
}

/** A page with the client in it, loaded from `origin`. */
export async function openHarness(page: Page, origin: string): Promise<void> {
  if (!existsSync(path.join(folder, 'socketio_web_harness.js'))) {
    throw new Error(`There is no harness in ${folder}: build it, or say in MADANG_HARNESS_DIR where it is.`);
  }
  page.on('pageerror', (error) => {
    throw error;
  });
  // Chromium takes a page that a test serves for one from the internet, and such a page may not open a WebSocket to
  // this machine unasked.
  await page.context().grantPermissions(['local-network-access'], { origin });
  await page.route(`${origin}/harness/**`, async (route) => {
    const name = path.basename(new URL(route.request().url()).pathname);
    if (name === 'index.html') {
      await route.fulfill({ contentType: 'text/html', body: index });
    } else {
      const contentType = types[path.extname(name)];
      await route.fulfill({ contentType, body: await readFile(path.join(folder, name)) });
    }
  });
  await page.goto(`${origin}/harness/index.html`);
  await page.waitForFunction(() => window.links !== undefined);
}

/** One namespace of one client in a page. */
export class Link {
  private constructor(
    private readonly page: Page,
    private readonly at: number,
  ) {}

  /** Makes a client with one namespace, and opens it. */
  static async open(page: Page, namespace: string, options: Options = QUICK, auth?: unknown): Promise<Link> {
    const given = { namespace, options: JSON.stringify(options), auth: auth && JSON.stringify(auth) };
    const at = await page.evaluate(({ namespace, options, auth }) => {
      const client = new window.HarnessClient(options);
      const socket = client.socket(namespace, auth as string | undefined);
      const link: PageLink = { client, socket, states: [], events: [], frames: [], wire: [] };
      socket.onState((state) => link.states.push(JSON.parse(state) as State));
      socket.onAny((name, args) => link.events.push({ name, args: JSON.parse(args) as unknown[] }));
      client.onWire((json) => {
        const seen = JSON.parse(json) as Wire;
        link.wire.push(seen);
        if (seen.kind === 'frame') link.frames.push(`${seen.direction} ${seen.text}`);
      });
      client.open();
      return window.links.push(link) - 1;
    }, given);
    return new Link(page, at);
  }

  /** Another namespace of the same client. */
  async namespace(namespace: string, auth?: unknown): Promise<Link> {
    const given = { at: this.at, namespace, auth: auth && JSON.stringify(auth) };
    const at = await this.page.evaluate(({ at, namespace, auth }) => {
      const client = window.links[at].client;
      const socket = client.socket(namespace, auth as string | undefined);
      const link: PageLink = { client, socket, states: [], events: [], frames: window.links[at].frames, wire: window.links[at].wire };
      socket.onState((state) => link.states.push(JSON.parse(state) as State));
      socket.onAny((name, args) => link.events.push({ name, args: JSON.parse(args) as unknown[] }));
      return window.links.push(link) - 1;
    }, given);
    return new Link(this.page, at);
  }

  async state(): Promise<State> {
    const state = await this.page.evaluate((at) => window.links[at].socket.state(), this.at);
    return JSON.parse(state) as State;
  }

  /** Every state it was in, oldest first. */
  states(): Promise<State[]> {
    return this.page.evaluate((at) => window.links[at].states, this.at);
  }

  id(): Promise<string | undefined> {
    return this.page.evaluate((at) => window.links[at].socket.id(), this.at);
  }

  /** Every Engine.IO frame, as `in …` or `out …`. */
  frames(): Promise<string[]> {
    return this.page.evaluate((at) => window.links[at].frames, this.at);
  }

  /** What was seen on the wire, oldest first. */
  wire(): Promise<Wire[]> {
    return this.page.evaluate((at) => window.links[at].wire, this.at);
  }

  /** The lives of the transports, frames left out, as `websocket connecting`. */
  async lives(): Promise<string[]> {
    const seen = (await this.wire()).filter(({ kind }) => kind !== 'frame');
    return seen.map(({ transport, kind }) => `${transport} ${kind}`);
  }

  /** The arguments of each event of that name, oldest first. */
  events(name: string): Promise<unknown[][]> {
    return this.page.evaluate(
      ({ at, name }) => window.links[at].events.filter((event) => event.name === name).map((event) => event.args),
      { at: this.at, name },
    );
  }

  /** Sends an event; whether it went out. */
  emit(event: string, data: unknown): Promise<boolean> {
    return this.page.evaluate(({ at, event, data }) => window.links[at].socket.emit(event, data), {
      at: this.at,
      event,
      data: JSON.stringify(data),
    });
  }

  /** Sends the numbers from `from` up to but without `to`, some at once and some in turns of their own. */
  emitNumbers(event: string, from: number, to: number): Promise<void> {
    return this.page.evaluate(
      async ({ at, event, from, to }) => {
        for (let n = from; n < to; n += 1) {
          window.links[at].socket.emit(event, String(n));
          if (n % 7 === 0) await new Promise((done) => requestAnimationFrame(done));
        }
      },
      { at: this.at, event, from, to },
    );
  }

  /** Sends an event and gives the answer. */
  async ask(event: string, data: unknown, timeout?: number): Promise<Answer> {
    const answer = await this.page.evaluate(
      ({ at, event, data, timeout }) => window.links[at].socket.emitWithAck(event, data, timeout),
      { at: this.at, event, data: JSON.stringify(data), timeout },
    );
    return JSON.parse(answer) as Answer;
  }

  /** Answers each event of that name, for which the server waits for an ack, with what it carried. */
  echo(event: string): Promise<void> {
    return this.page.evaluate(
      ({ at, event }) => window.links[at].socket.on(event, (data, reply) => void reply?.send(data)),
      { at: this.at, event },
    );
  }

  close(): Promise<void> {
    return this.page.evaluate((at) => window.links[at].client.close(), this.at);
  }

  /** Takes a server's request to stay away for so many milliseconds. */
  comeBackIn(ms: number): Promise<void> {
    return this.page.evaluate(({ at, ms }) => window.links[at].client.comeBackIn(ms), { at: this.at, ms });
  }

  reopen(): Promise<void> {
    return this.page.evaluate((at) => window.links[at].client.open(), this.at);
  }

  disconnect(): Promise<void> {
    return this.page.evaluate((at) => window.links[at].socket.disconnect(), this.at);
  }

  /** Asks for admission again, with another auth. */
  reconnect(auth: unknown): Promise<void> {
    return this.page.evaluate(({ at, auth }) => window.links[at].socket.reconnect(auth), {
      at: this.at,
      auth: JSON.stringify(auth),
    });
  }

  /** Waits until the state has these properties. */
  async reaches(state: State, timeout = 10_000): Promise<void> {
    await expect.poll(() => this.state(), { timeout }).toMatchObject(state);
  }
}
