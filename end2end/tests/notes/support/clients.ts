// Socket.IO clients for JavaScript from 2014 to today, run in Node.js.
import { createRequire } from 'node:module';

import { expect } from '@playwright/test';

const require = createRequire(import.meta.url);

/** The packages, by version; the older ones stand under names of their own in package.json. */
const PACKAGES = {
  '1.3.6': 'sio136',
  '1.7.3': 'sio173',
  '2.5.0': 'sio250',
  '3.1.3': 'sio313',
  '4.8.4': 'socket.io-client',
};

const TRANSPORTS = {
  polling: { transports: ['polling'] },
  websocket: { transports: ['websocket'] },
  default: {},
};

export type Version = keyof typeof PACKAGES;
export type Transport = keyof typeof TRANSPORTS;
export const versions = Object.keys(PACKAGES) as Version[];
export const transports = Object.keys(TRANSPORTS) as Transport[];

/** Syllables of three bytes in UTF-8, a letter of two, a picture of four: what a wrong encoding breaks. */
export const HELLO = '안녕 é 😀';

/** What all the versions have in common. */
interface Socket {
  connected: boolean;
  io: { engine: { transport: { name: string } } };
  on(name: string, handler: (data: unknown) => void): void;
  emit(name: string, ...args: unknown[]): void;
  connect(): void;
  disconnect(): void;
}

export class Client {
  /** Every chat message, oldest first. */
  readonly heard: unknown[] = [];

  private constructor(private readonly socket: Socket) {
    socket.on('chat message', (text) => this.heard.push(text));
  }

  static async connected(origin: string, version: Version = '4.8.4', transport: Transport = 'default'): Promise<Client> {
    const connect = require(PACKAGES[version]) as (origin: string, options: object) => Socket;
    // Quick to come back, so that no test waits for long.
    const options = { forceNew: true, reconnectionDelay: 50, reconnectionDelayMax: 200, ...TRANSPORTS[transport] };
    const client = new Client(connect(origin, options));
    await client.isConnected(true);
    return client;
  }

  say(text: string): void {
    this.socket.emit('chat message', text);
  }

  /** Sends any event; the answer, if it asks for one. */
  emit(name: string, ...args: unknown[]): void {
    this.socket.emit(name, ...args);
  }

  /** What comes as this event from now on, oldest first. */
  listenTo(name: string): unknown[] {
    const heard: unknown[] = [];
    this.socket.on(name, (data) => heard.push(data));
    return heard;
  }

  disconnect(): void {
    this.socket.disconnect();
  }

  connect(): void {
    this.socket.connect();
  }

  async isConnected(connected: boolean): Promise<void> {
    await expect.poll(() => this.socket.connected, { timeout: 15_000 }).toBe(connected);
  }

  async isUsing(transport: 'polling' | 'websocket'): Promise<void> {
    await expect.poll(() => this.socket.io.engine.transport.name).toBe(transport);
  }

  /** Waits until it has heard this text, as it is or as somebody's, exactly once. */
  async hears(text: string): Promise<void> {
    const times = () => this.heard.filter((heard) => heard === text || String(heard).endsWith(`: ${text}`)).length;
    await expect.poll(times, { message: `${text} among ${JSON.stringify(this.heard)}` }).toBe(1);
  }
}
