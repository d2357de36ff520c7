// Reconnecting: a server that goes away, falls silent, or is unreachable.
import { Link, QUICK } from './support/harness';
import { expect, test } from './support/fixtures';

const FAR_AWAY = { backoffMin: 600_000, backoffMax: 600_000 };

for (const transport of ['websocket', 'polling'] as const) {
  test(`a server that dies and comes back is found again over ${transport}`, async ({ near, server }) => {
    const link = await Link.open(near, '/chat', { ...QUICK, transports: [transport] });
    await link.reaches({ kind: 'connected' });
    const first = await link.id();
    const pending = link.ask('never', 1);
    const before = await near.evaluate(() => Date.now());
    await server.stop();
    expect(await pending).toEqual({ error: 'disconnected' });
    // More than one attempt fails, and each says how many did before it.
    await expect.poll(async () => (await link.states()).some((state) => (state.attempt ?? 0) >= 2)).toBe(true);

    await server.start();
    await link.reaches({ kind: 'connected', transport });
    expect(await link.id()).not.toBe(first);
    expect(await link.ask('echo', '다시')).toEqual({ ok: '다시' });
    const waits = (await link.states()).filter((state) => state.kind === 'waiting');
    for (const { since = 0, retryAt = 0 } of waits) {
      expect(since).toBeGreaterThanOrEqual(before);
      expect(since).toBe(waits[0].since);
      expect(retryAt).toBeGreaterThan(since);
    }
    expect(waits[0].reason).toMatch(/^(lost|server closed)$/);
  });
}

test.describe('with a quick heartbeat', () => {
  // The timeout leaves room for a machine that is busy.
  test.use({ serverOptions: { pingInterval: 300, pingTimeout: 5000 } });

  for (const transport of ['websocket', 'polling'] as const) {
    test(`pings are answered over ${transport}`, async ({ near }) => {
      const link = await Link.open(near, '/chat', { ...QUICK, transports: [transport] });
      await link.reaches({ kind: 'connected' });
      await expect
        .poll(async () => (await link.frames()).filter((frame) => frame === 'out 3').length)
        .toBeGreaterThanOrEqual(4);
      expect((await link.states()).map((state) => state.kind)).toEqual(['connecting', 'connected']);
    });
  }
});

test.describe('with a heartbeat that is soon missed', () => {
  test.use({ serverOptions: { pingInterval: 300, pingTimeout: 1500 } });

  for (const transport of ['websocket', 'polling'] as const) {
    test(`a server that falls silent is found out over ${transport}`, async ({ far, gate }) => {
      const link = await Link.open(far, '/chat', { ...QUICK, connectTimeout: 500, transports: [transport] });
      await link.reaches({ kind: 'connected' });
      gate.freeze();
      const pending = link.ask('echo', 1);
      expect(await pending).toEqual({ error: 'disconnected' });
      const waiting = (await link.states()).find((state) => state.kind === 'waiting');
      expect(waiting).toMatchObject({ reason: 'silent' });
      gate.thaw();
      await link.reaches({ kind: 'connected', transport });
    });
  }
});

test('a link that is cut comes back', async ({ far, gate }) => {
  const link = await Link.open(far, '/chat');
  await link.reaches({ kind: 'connected' });
  const first = await link.id();
  gate.cut();
  await expect.poll(async () => (await link.states()).some((state) => state.kind === 'waiting')).toBe(true);
  await link.reaches({ kind: 'connected' });
  expect(await link.id()).not.toBe(first);
});

test('a machine that comes online does not wait for the backoff', async ({ near, context }) => {
  const link = await Link.open(near, '/chat', FAR_AWAY);
  await link.reaches({ kind: 'connected' });
  await context.setOffline(true);
  await link.reaches({ kind: 'waiting', reason: 'offline' });
  await context.setOffline(false);
  await link.reaches({ kind: 'connected' });
});

test('a page that becomes visible does not wait for the backoff', async ({ near, server }) => {
  const link = await Link.open(near, '/chat', FAR_AWAY);
  await link.reaches({ kind: 'connected' });
  await server.stop();
  await link.reaches({ kind: 'waiting' });
  await server.start();
  await near.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await link.reaches({ kind: 'connected' });
});

test('a server that asked to be left alone is, also by a page that becomes visible', async ({ near, server }) => {
  const link = await Link.open(near, '/chat');
  await link.reaches({ kind: 'connected' });
  await link.comeBackIn(600_000);
  await server.stop();
  await link.reaches({ kind: 'waiting' });
  await near.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  const { kind, since = 0, retryAt = 0 } = await link.state();
  expect(kind).toBe('waiting');
  // A little of the time had passed when the connection ended.
  expect(retryAt - since).toBeGreaterThan(590_000);
});

test('after a farewell one comes back when asked to, and from then on the backoff holds again', async ({ near, server }) => {
  const link = await Link.open(near, '/chat');
  await link.reaches({ kind: 'connected' });
  const told = await near.evaluate(() => Date.now());
  await link.comeBackIn(2_000);
  await server.stop();
  await server.start();
  await link.reaches({ kind: 'connected' });
  const waits = (await link.states()).filter((state) => state.kind === 'waiting');
  expect(waits).toHaveLength(1);
  expect(waits[0].retryAt).toBeGreaterThanOrEqual(told + 2_000);

  // Once one is back, however that came about, the request is fulfilled.
  await link.comeBackIn(600_000);
  await link.close();
  await link.reopen();
  await link.reaches({ kind: 'connected' });
  await server.stop();
  await link.reaches({ kind: 'waiting' });
  const { since = 0, retryAt = 0 } = await link.state();
  expect(retryAt - since).toBeLessThanOrEqual(QUICK.backoffMax ?? 0);
});

test('a page that becomes visible while all is well stays connected', async ({ near }) => {
  const link = await Link.open(near, '/chat');
  await link.reaches({ kind: 'connected' });
  await near.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  expect(await link.ask('echo', 1)).toEqual({ ok: 1 });
  expect((await link.states()).map((state) => state.kind)).toEqual(['connecting', 'connected']);
});
