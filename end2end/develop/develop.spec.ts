// The development servers that README names, each started as it says: a source is changed, and the page in the browser
// shows it without a reload by hand. The page is a lazy one, which a development build has in one piece.
//
// They take the ports of README (3000, 3001, 8080), and minutes to compile.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { type Page, expect, test } from '@playwright/test';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const SOURCE = path.join(ROOT, 'app/src/pages/new_room.rs');
const BEFORE = '<div class="page without-members">';
const COMPILED = 20 * 60_000;

test.describe.configure({ mode: 'serial', timeout: 2 * COMPILED + 120_000 });

/** A program that is started with all that it starts, and ended so. */
class Program {
  private readonly child: ChildProcess;
  private said = '';

  constructor(program: string, words: string[], env: NodeJS.ProcessEnv = {}) {
    // The server warns of settings that it does not know; trunk 0.21 refuses the value 1 of NO_COLOR.
    const foreign = ([name]: [string, unknown]) => !name.startsWith('MADANG_') && name !== 'NO_COLOR';
    const ours = Object.fromEntries(Object.entries(process.env).filter(foreign));
    this.child = spawn(program, words, { cwd: ROOT, env: { ...ours, ...env }, detached: true });
    this.child.stdout?.on('data', (text) => (this.said += text));
    this.child.stderr?.on('data', (text) => (this.said += text));
  }

  /** Waits until something answers at an address. */
  async serves(address: string): Promise<void> {
    const answers = async () => {
      if (this.child.exitCode !== null) throw new Error(`it has ended:\n${this.said}`);
      const answer = await fetch(address).catch(() => undefined);
      return answer?.status;
    };
    await expect.poll(answers, { timeout: COMPILED, intervals: [1_000] }).toBe(200);
  }

  get log(): string {
    return this.said;
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null || !this.child.pid) return;
    const ended = once(this.child, 'exit');
    process.kill(-this.child.pid, 'SIGTERM');
    await ended;
  }
}

/** Joins, and goes to the form for a new room by its link; then changes its source, and waits for the page to show it. */
async function changeIsSeen(page: Page, origin: string, how: string): Promise<void> {
  await page.goto(origin);
  await page.locator('input[name="name"]').fill(`Mina by ${how}`);
  await page.locator('form[action="/join"] button').click();
  await expect(page.locator('body[data-live="true"]')).toBeVisible({ timeout: 60_000 });
  await page.locator('a[href="/rooms/new"]').first().click();
  await expect(page.locator('form[action="/rooms"]')).toBeVisible();
  const source = await readFile(SOURCE, 'utf8');
  expect(source).toContain(BEFORE);
  try {
    await writeFile(SOURCE, source.replace(BEFORE, BEFORE.replace('>', ` data-changed="${how}">`)));
    await expect(page.locator(`[data-changed="${how}"] form[action="/rooms"]`)).toBeVisible({ timeout: COMPILED });
  } finally {
    await writeFile(SOURCE, source);
  }
}

async function withProgram(program: Program, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    console.log(program.log.slice(-4_000));
    throw error;
  } finally {
    await program.end();
  }
}

let data: string;

test.beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'madang-develop-'));
});

test.afterAll(async () => {
  await rm(data, { recursive: true, force: true });
});

test('cargo leptos watch rebuilds and reloads the page when a source changes', async ({ page }) => {
  const watch = new Program('cargo', ['leptos', 'watch'], { MADANG_DATA: data });
  await withProgram(watch, async () => {
    await watch.serves('http://127.0.0.1:3000/');
    await changeIsSeen(page, 'http://127.0.0.1:3000', 'watch');
  });
});

test('trunk serve rebuilds and reloads the page when a source changes', async ({ page }) => {
  const binary = process.env.MADANG_BIN;
  if (!binary) throw new Error('MADANG_BIN is not set: it must name the server to proxy to.');
  const server = new Program(binary, ['serve', '--listen', '127.0.0.1:3000'], { MADANG_DATA: data });
  await withProgram(server, async () => {
    await server.serves('http://127.0.0.1:3000/');
    const trunk = new Program('trunk', ['serve']);
    await withProgram(trunk, async () => {
      await trunk.serves('http://127.0.0.1:8080/');
      await changeIsSeen(page, 'http://127.0.0.1:8080', 'trunk');
    });
  });
});
