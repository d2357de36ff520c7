// Processes of a browser, each with a temporary folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export class Program {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    /** What was found in the line that was waited for. */
    readonly found: string,
  ) {}

  /**
   * Starts a program; its arguments may depend on the folder that it is given. Waits for a line of output that `line`
   * matches, if there is one to wait for.
   */
  static async start(
    binary: string,
    args: (folder: string) => string[],
    { line, env = {} }: { line?: RegExp; env?: NodeJS.ProcessEnv } = {},
  ): Promise<Program> {
    const folder = await mkdtemp(path.join(tmpdir(), 'engine-'));
    const child = spawn(binary, args(folder), {
      env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // With its own processes it can be ended as a whole.
      detached: true,
    });
    let said = '';
    const found = await new Promise<string>((resolve, reject) => {
      if (!line) child.once('spawn', () => resolve(''));
      for (const stream of [child.stdout!, child.stderr!]) {
        createInterface({ input: stream }).on('line', (text) => {
          said += `${text}\n`;
          const fits = line?.exec(text);
          if (fits) resolve(fits[1]);
        });
      }
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`${binary} ended with ${code}:\n${said}`)));
    });
    return new Program(child, folder, found);
  }

  async end(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      process.kill(-this.child.pid!, 'SIGKILL');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
