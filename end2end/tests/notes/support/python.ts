// python-socketio's client, from PyPI, in the environment that `cargo xtask setup` makes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { expect } from '@playwright/test';

const SCRIPTS = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../../python');

/** Polling alone, a WebSocket alone, and the one before the other. */
export const TRANSPORTS = ['polling', 'websocket', 'polling,websocket'];

/** Runs one of the scripts in `end2end/python`. */
export function run(script: string, ...words: string[]): ChildProcess {
  const python = process.env.MADANG_PYTHON;
  if (!python) throw new Error('MADANG_PYTHON is not set: it must name the Python that `cargo xtask setup` installs.');
  return spawn(python, [path.join(SCRIPTS, script), ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** A client that comes back by itself. */
export class PythonClient {
  private readonly child: ChildProcess;
  private readonly lines: string[] = [];

  constructor(
    origin: string,
    readonly transports: string,
  ) {
    this.child = run('come_back.py', origin, transports);
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.lines.push(line));
  }

  async hasConnected(times: number): Promise<void> {
    const connected = () => this.lines.filter((line) => line === 'connected').length;
    await expect.poll(connected, { timeout: 20_000 }).toBe(times);
  }

  async hears(text: string): Promise<void> {
    await expect.poll(() => this.lines).toContain(`heard ${text}`);
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }
}
