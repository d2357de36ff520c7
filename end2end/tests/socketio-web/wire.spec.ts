// Wire observation: the lifecycle of each transport, and every frame.
import { Link, QUICK } from './support/harness';
import { expect, test } from './support/fixtures';

test('a WebSocket is shown from its first request to its end', async ({ near }) => {
  const link = await Link.open(near, '/chat', { ...QUICK, transports: ['websocket'] });
  await link.reaches({ kind: 'connected' });
  expect(await link.ask('echo', '안녕')).toEqual({ ok: '안녕' });
  expect(await link.lives()).toEqual(['websocket connecting', 'websocket open']);

  const frames = (await link.wire()).filter(({ kind }) => kind === 'frame');
  expect(frames.every(({ transport }) => transport === 'websocket')).toBe(true);
  const shown = frames.map(({ direction, text }) => `${direction} ${text}`);
  expect(shown[0]).toMatch(/^in 0\{/);
  expect(shown[1]).toMatch(/^out 40\/chat/);
  expect(shown[2]).toMatch(/^in 40\/chat,\{"sid"/);
  expect(shown).toContain('out 42/chat,0["echo","안녕"]');
  expect(shown).toContain('in 43/chat,0["안녕"]');

  await link.disconnect();
  await expect.poll(() => link.lives()).toEqual(['websocket connecting', 'websocket open', 'websocket closed']);
});

test('an upgrade is the life of a second transport, and polling ends when it is done', async ({ near }) => {
  const link = await Link.open(near, '/chat', { ...QUICK, transports: ['polling', 'websocket'] });
  await link.reaches({ kind: 'connected', transport: 'websocket' });
  expect(await link.lives()).toEqual([
    'polling connecting',
    'polling open',
    'websocket connecting',
    'websocket open',
    'polling closed',
  ]);
  const probe = (await link.wire()).filter(({ text }) => ['2probe', '3probe', '5'].includes(text ?? ''));
  expect(probe.map(({ direction, transport, text }) => `${direction} ${transport} ${text}`)).toEqual([
    'out websocket 2probe',
    'in websocket 3probe',
    'out websocket 5',
  ]);
});

test('a WebSocket that is refused ends without having been open', async ({ far, gate }) => {
  gate.blocksWebSocket = true;
  const link = await Link.open(far, '/chat', { ...QUICK, upgradeMin: 60_000, upgradeMax: 60_000 });
  await link.reaches({ kind: 'connected', transport: 'polling' });
  expect(await link.lives()).toEqual([
    'websocket connecting',
    'websocket closed',
    'polling connecting',
    'polling open',
  ]);
});

test('each connection that is lost is shown to end, and the next to begin', async ({ far, gate }) => {
  const link = await Link.open(far, '/chat', { ...QUICK, transports: ['websocket'] });
  await link.reaches({ kind: 'connected' });
  gate.cut();
  await expect
    .poll(async () => (await link.lives()).slice(0, 5))
    .toEqual([
      'websocket connecting',
      'websocket open',
      'websocket closed',
      'websocket connecting',
      'websocket open',
    ]);
});
