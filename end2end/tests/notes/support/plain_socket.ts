// The browser's own WebSocket, without any library.
import type { Page } from '@playwright/test';

declare global {
  interface Window {
    plain: { socket: WebSocket; heard: unknown[]; closed?: number };
  }
}

/** Opens a WebSocket to `path` from a page of Madang's. */
export async function connect(page: Page, origin: string, path: string): Promise<void> {
  await page.goto(`${origin}/user/1`);
  await page.evaluate((path) => {
    const socket = new WebSocket(`ws://${location.host}${path}`);
    window.plain = { socket, heard: [] };
    socket.onmessage = (event) => window.plain.heard.push(event.data);
    socket.onclose = (event) => {
      window.plain.closed = event.code;
    };
  }, path);
}

/** What the server has said to it, oldest first. */
export const heard = (page: Page) => page.evaluate(() => window.plain.heard);
