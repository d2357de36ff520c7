// How the browser tests run: real Chromium, no retries (a test that passes at the second try has found something).
//
// Environment, set by `cargo xtask test e2e engines`: MADANG_BIN is the server to test, MADANG_CHROMIUM the browser,
// MADANG_HARNESS_DIR the folder of socketio-web's and lean's harnesses.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { defineConfig } from '@playwright/test';

// Every test starts servers of its own from it.
process.env.MADANG_BIN ??= path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../target/release/madang');

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    locale: 'en-US',
    viewport: { width: 1280, height: 800 },
    // To record what happens takes half as long again: `--trace on` for a test that is looked into.
    trace: 'off',
    launchOptions: {
      executablePath: process.env.MADANG_CHROMIUM ?? '/usr/bin/chromium-headless-shell',
      // /dev/shm is small in containers; hinting differs from machine to machine.
      args: ['--disable-dev-shm-usage', '--font-render-hinting=none'],
    },
  },
  projects: [
    { name: 'chromium', testIgnore: ['socketio-web/**'] },
    { name: 'socketio-web', testDir: 'tests/socketio-web' },
    { name: 'engines', testDir: 'engines', use: { trace: 'off' } },
    { name: 'develop', testDir: 'develop', use: { trace: 'off' } },
    { name: 'screenshots', testDir: 'screenshots', testMatch: '*.shot.ts' },
  ],
});
