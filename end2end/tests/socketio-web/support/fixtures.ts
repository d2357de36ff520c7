// Fixtures of the socketio-web tests: a server, a gate in front of it, and a page with the client.
import { test as base, type Page } from '@playwright/test';

import { Gate } from './gate';
import { openHarness } from './harness';
import { NodeServer } from './node_server';

interface Fixtures {
  /** The settings of `server`; set with `test.use`. */
  serverOptions: ConstructorParameters<typeof NodeServer>[0];
  server: NodeServer;
  gate: Gate;
  /** A page on the server's own origin. */
  near: Page;
  /** A page that reaches the server through `gate`. */
  far: Page;
}

export const test = base.extend<Fixtures>({
  serverOptions: [{}, { option: true }],
  server: async ({ serverOptions }, use) => {
    const server = await NodeServer.started(serverOptions);
    await use(server);
    await server.stop();
  },
  gate: async ({ server }, use) => {
    const gate = await Gate.before(server.origin);
    await use(gate);
    await gate.close();
  },
  near: async ({ page, server }, use) => {
    await openHarness(page, server.origin);
    await use(page);
  },
  far: async ({ page, gate }, use) => {
    await openHarness(page, gate.origin);
    await use(page);
  },
});

export { expect } from '@playwright/test';
