// The same stories against both servers: Madang, and the official Node server.
import { Gate } from './support/gate';
import { Link, openHarness, QUICK } from './support/harness';
import { MadangServer } from './support/madang_server';
import { NodeServer } from './support/node_server';
import type { ServerUnderTest } from './support/server';
import { expect, test } from './support/fixtures';

const servers: Record<string, () => Promise<ServerUnderTest & { dispose?(): Promise<void> }>> = {
  'Node socket.io': () => NodeServer.started({ pingInterval: 1000 }),
  Madang: () => MadangServer.started(),
};

for (const [name, started] of Object.entries(servers)) {
  test.describe(`with ${name}`, () => {
    let server: Awaited<ReturnType<typeof started>>;
    let gate: Gate;

    test.beforeEach(async ({ page }) => {
      server = await started();
      gate = await Gate.before(server.origin);
      await server.admit(page);
      // A cookie holds for the host, whatever the port: the gate's page has it too.
      await openHarness(page, gate.origin);
    });

    test.afterEach(async () => {
      await gate?.close();
      await (server?.dispose?.() ?? server?.stop());
    });

    test('connects over WebSocket', async ({ page }) => {
      const link = await Link.open(page, '/chat');
      await link.reaches({ kind: 'connected', transport: 'websocket' });
      expect(await link.id()).toBeTruthy();
    });

    test('answers the heartbeat', async ({ page }) => {
      test.setTimeout(60_000);
      const link = await Link.open(page, '/chat');
      await link.reaches({ kind: 'connected' });
      await expect.poll(() => link.frames(), { timeout: 40_000 }).toContain('out 3');
      expect((await link.states()).map((state) => state.kind)).toEqual(['connecting', 'connected']);
    });

    test('with WebSocket blocked falls back to polling, and upgrades when it may', async ({ page }) => {
      gate.blocksWebSocket = true;
      const link = await Link.open(page, '/chat', { ...QUICK, upgradeMin: 100, upgradeMax: 200 });
      await link.reaches({ kind: 'connected', transport: 'polling' });
      const id = await link.id();
      gate.blocksWebSocket = false;
      await link.reaches({ kind: 'connected', transport: 'websocket' });
      expect(await link.id()).toBe(id);
    });

    test('a server that goes away and comes back is found again', async ({ page }) => {
      const link = await Link.open(page, '/chat');
      await link.reaches({ kind: 'connected' });
      await server.stop();
      await link.reaches({ kind: 'waiting' });
      await server.start();
      await link.reaches({ kind: 'connected', transport: 'websocket' });
    });

    test('an ack that never comes ends in time', async ({ page }) => {
      const link = await Link.open(page, '/chat');
      await link.reaches({ kind: 'connected' });
      gate.freeze();
      expect(await link.ask('anything', {}, 300)).toEqual({ error: 'timeout' });
      expect(await link.state()).toMatchObject({ kind: 'connected' });
    });
  });
}

test('Madang answers an event that it does not know', async ({ page }) => {
  const server = await MadangServer.started();
  try {
    await server.admit(page);
    await openHarness(page, server.origin);
    const link = await Link.open(page, '/chat');
    await link.reaches({ kind: 'connected' });
    expect(await link.ask('no.such_event', {}, 3000)).toMatchObject({ ok: expect.anything() });
  } finally {
    await server.dispose();
  }
});
