// WebKitGTK's MiniBrowser on a virtual screen, driven by WebDriver: one request per command.
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

import type { Engine, InputSource } from './engine';
import { Program } from './process';

export class WebKit implements Engine {
  private constructor(
    private readonly screen: Program,
    private readonly driver: Program,
    private readonly session: string,
  ) {}

  static async launch(): Promise<WebKit> {
    const screen = await Program.start(
      'Xvfb',
      () => ['-displayfd', '1', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'],
      { line: /^(\d+)$/ },
    );
    const port = await freePort();
    const driver = await Program.start('WebKitWebDriver', () => ['--host=127.0.0.1', `--port=${port}`], {
      env: { DISPLAY: `:${screen.found}`, GDK_BACKEND: 'x11' },
    });
    const origin = `http://127.0.0.1:${port}`;
    await listening(`${origin}/status`);
    const { sessionId } = await ask<{ sessionId: string }>(`${origin}/session`, {
      capabilities: { alwaysMatch: { browserName: 'MiniBrowser' } },
    });
    return new WebKit(screen, driver, `${origin}/session/${sessionId}`);
  }

  async open(url: string): Promise<void> {
    await ask(`${this.session}/url`, { url });
  }

  async evaluate(expression: string): Promise<string> {
    const [value, error] = await ask<[string | null, string?]>(`${this.session}/execute/async`, {
      script: `const done = arguments[0]; (${expression}).then((value) => done([value]), (error) => done([null, String(error)]));`,
      args: [],
    });
    if (value === null) throw new Error(error);
    return value;
  }

  async perform(actions: InputSource[]): Promise<void> {
    await ask(`${this.session}/actions`, { actions });
  }

  async close(): Promise<void> {
    await this.driver.end();
    await this.screen.end();
  }
}

async function ask<T>(url: string, body: object): Promise<T> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  const { value } = (await answer.json()) as { value: T & { error?: string; message?: string } };
  if (!answer.ok) throw new Error(`${url}: ${value.error} ${value.message}`);
  return value;
}

/** Waits until the driver answers, which says nothing of it. */
async function listening(url: string): Promise<void> {
  for (const until = Date.now() + 20_000; ; ) {
    const answer = await fetch(url).catch((error: unknown) => {
      if (Date.now() > until) throw error;
    });
    if (answer?.ok) return;
    await setTimeout(50);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
