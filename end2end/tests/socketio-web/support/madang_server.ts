// Madang itself, as its binary: what `MADANG_BIN` names.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

import type { Page } from '@playwright/test';

import type { ServerUnderTest } from './server';

export class MadangServer implements ServerUnderTest {
  readonly name = 'Madang';
  private address = '127.0.0.1:0';
  private child?: ChildProcess;

  private constructor(
    private readonly binary: string,
    private readonly data: string,
  ) {}

  static async started(): Promise<MadangServer> {
    const binary = process.env.MADANG_BIN;
    if (!binary) {
      throw new Error('MADANG_BIN is not set: it must name the madang binary to test.');
    }
    const server = new MadangServer(binary, await mkdtemp(path.join(tmpdir(), 'madang-socketio-web-')));
    await server.start();
    return server;
  }

  get origin(): string {
    return `http://${this.address}`;
  }

  async start(): Promise<void> {
    const words = ['serve', '--listen', this.address, '--data', this.data];
    // The server warns of settings that it does not know, and the tests' own variables are among those.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MADANG_')));
    const child = spawn(this.binary, words, { stdio: ['ignore', 'pipe', 'pipe'], env });
    this.child = child;
    let said = '';
    this.address = await new Promise<string>((found, failed) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) => {
          said += `${line}\n`;
          const address = /http:\/\/(127\.0\.0\.1:\d+)/.exec(line);
          if (address) found(address[1]);
        });
      }
      child.once('error', failed);
      child.once('exit', (code) => failed(new Error(`madang ended with ${code} before it listened:\n${said}`)));
    });
  }

  async stop(): Promise<void> {
    const child = this.child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  }

  /** Removes its data. */
  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.data, { recursive: true, force: true });
  }

  async admit(page: Page): Promise<void> {
    const name = `guest${Math.random().toString(36).slice(2, 8)}`;
    const answer = await page.request.post(`${this.origin}/join`, {
      form: { name },
      headers: { origin: this.origin },
    });
    if (!answer.ok()) {
      throw new Error(`Madang did not let ${name} join: ${answer.status()} ${await answer.text()}`);
    }
  }
}
