// A persistent browser profile on the disk, which outlives the browser.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type BrowserContext, chromium } from '@playwright/test';

/**
 * Lends a profile, which is gone afterwards. `launch` starts the browser with it, as often as it was closed.
 * `preferences` are those of Chromium's own file of that name.
 */
export async function withProfile(
  use: (launch: () => Promise<BrowserContext>) => Promise<void>,
  preferences: object = {},
): Promise<void> {
  const profile = await mkdtemp(path.join(tmpdir(), 'madang-browser-'));
  try {
    await mkdir(path.join(profile, 'Default'));
    await writeFile(path.join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
    await use(() =>
      chromium.launchPersistentContext(profile, {
        executablePath: process.env.MADANG_CHROMIUM ?? '/usr/bin/chromium-headless-shell',
        args: ['--disable-dev-shm-usage'],
        locale: 'en-US',
      }),
    );
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
}
