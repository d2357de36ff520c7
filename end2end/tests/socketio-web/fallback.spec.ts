// Transport fallback: polling where WebSocket is blocked, and the upgrade once it is available.
import { Link, QUICK } from './support/harness';
import { expect, test } from './support/fixtures';

const count = (to: number) => Array.from({ length: to }, (_, n) => n);

test('with WebSocket blocked everything works over polling', async ({ far, gate, server }) => {
  gate.blocksWebSocket = true;
  const link = await Link.open(far, '/chat');
  await link.reaches({ kind: 'connected', transport: 'polling' });
  expect(gate.refused).toBe(1);
  expect(await link.ask('echo', '안녕 😀')).toEqual({ ok: '안녕 😀' });
  await link.echo('question');
  await link.emit('ask me', 1);
  await expect.poll(() => server.answers).toEqual([1]);
});

test('a WebSocket that no one answers is given up for polling', async ({ far, gate }) => {
  gate.swallowsWebSocket = true;
  const link = await Link.open(far, '/chat', { ...QUICK, connectTimeout: 400, upgradeMin: 100, upgradeMax: 100 });
  await link.reaches({ kind: 'connected', transport: 'polling' });
  // The upgrade that hangs as well does not hold up the traffic.
  expect(await link.ask('echo', 1)).toEqual({ ok: 1 });
  gate.swallowsWebSocket = false;
  await link.reaches({ kind: 'connected', transport: 'websocket' });
});

test('an upgrade is tried again until WebSocket works', async ({ far, gate }) => {
  gate.blocksWebSocket = true;
  const link = await Link.open(far, '/chat', { ...QUICK, upgradeMin: 100, upgradeMax: 200 });
  await link.reaches({ kind: 'connected', transport: 'polling' });
  await expect.poll(() => gate.refused).toBeGreaterThanOrEqual(3);
  expect(await link.state()).toMatchObject({ kind: 'connected', transport: 'polling' });
  const id = await link.id();

  gate.blocksWebSocket = false;
  await link.reaches({ kind: 'connected', transport: 'websocket' });
  expect(await link.id()).toBe(id);
  expect(await link.ask('echo', 'up')).toEqual({ ok: 'up' });
});

test('after a reconnect polling is tried first, for WebSocket has failed before', async ({ far, gate }) => {
  gate.blocksWebSocket = true;
  const link = await Link.open(far, '/chat');
  await link.reaches({ kind: 'connected', transport: 'polling' });
  const first = await link.id();
  gate.cut();
  await expect.poll(async () => (await link.id()) ?? first).not.toBe(first);
  await link.reaches({ kind: 'connected', transport: 'polling' });
  expect(gate.refused).toBe(1);
});

test('a client that starts with polling upgrades at once, and nothing is lost or reordered', async ({ near, server }) => {
  const link = await Link.open(near, '/chat', { ...QUICK, transports: ['polling', 'websocket'] });
  await link.reaches({ kind: 'connected' });
  await Promise.all([link.emitNumbers('number', 0, 1000), server.sendNumbers(0, 1000)]);
  await link.reaches({ kind: 'connected', transport: 'websocket' });
  await expect.poll(() => server.numbers.length).toBe(1000);
  await expect.poll(async () => (await link.events('number')).length).toBe(1000);
  expect(server.numbers).toEqual(count(1000));
  expect((await link.events('number')).flat()).toEqual(count(1000));
});

test('an upgrade in the middle of traffic both ways loses and reorders nothing', async ({ far, gate, server }) => {
  gate.blocksWebSocket = true;
  const link = await Link.open(far, '/chat', { ...QUICK, upgradeMin: 50, upgradeMax: 50 });
  await link.reaches({ kind: 'connected', transport: 'polling' });
  let [up, down] = [0, 0];
  const chatter = async () => {
    await Promise.all([link.emitNumbers('number', up, up + 50), server.sendNumbers(down, down + 50)]);
    up += 50;
    down += 50;
    return (await link.state()).transport;
  };
  await chatter();
  gate.blocksWebSocket = false;
  await expect.poll(chatter, { intervals: [0] }).toBe('websocket');
  await chatter();
  await expect.poll(() => server.numbers.length).toBe(up);
  await expect.poll(async () => (await link.events('number')).length).toBe(down);
  expect(server.numbers).toEqual(count(up));
  expect((await link.events('number')).flat()).toEqual(count(down));
  expect((await link.states()).filter((state) => state.kind === 'waiting')).toEqual([]);
});
