// Madang itself, as its binary, with a data folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export class Madang {
  /** Port 0 takes a free port; from then on it is kept, so that browsers find the server again. */
  private address = '127.0.0.1:0';
  private child?: ChildProcess;
  private log = '';

  private constructor(
    private readonly data: string,
    private readonly settings: string[],
  ) {}

  /** `settings` are further words for `madang serve`. */
  static async started(...settings: string[]): Promise<Madang> {
    const madang = new Madang(await mkdtemp(path.join(tmpdir(), 'madang-')), settings);
    await madang.start();
    return madang;
  }

  get origin(): string {
    return `http://${this.address}`;
  }

  /** What the server has logged, for a test that fails. */
  get said(): string {
    return this.log;
  }

  /** Starts, or starts again on the same port with the same data; `settings` are further words for `madang serve`. */
  async start(settings: string[] = []): Promise<void> {
    const binary = process.env.MADANG_BIN;
    if (!binary) throw new Error('MADANG_BIN is not set: it must name the server to test.');
    // The server warns of settings that it does not know, and the tests' own variables are among those.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MADANG_')));
    // All browsers are at one address and quicker than people; what stands later on goes first.
    env.MADANG_LIMITS = 'off';
    env.MADANG_LOG = 'warn,socketioxide=off,madang_server=debug';
    const words = ['serve', '--listen', this.address, '--data', this.data, ...this.settings, ...settings];
    const child = spawn(binary, words, { stdio: ['ignore', 'pipe', 'pipe'], env });
    this.child = child;
    this.address = await new Promise<string>((found, failed) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          this.log += `${line}\n`;
          const address = /http:\/\/(127\.0\.0\.1:\d+)/.exec(line);
          if (address) found(address[1]);
        });
      }
      child.once('error', failed);
      child.once('exit', (code) => failed(new Error(`madang ended with ${code} before it listened:\n${this.log}`)));
    });
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  /** Ends it and removes its data. */
  async dispose(): Promise<void> {
    await this.stop('SIGKILL');
    await rm(this.data, { recursive: true, force: true });
  }
}
