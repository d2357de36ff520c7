// Namespaces: admission, refusal, and being thrown out.
import { Link, QUICK } from './support/harness';
import { TOKEN } from './support/node_server';
import { expect, test } from './support/fixtures';

test('a namespace judges the auth, and another one on the same link is not touched', async ({ near, server }) => {
  const chat = await Link.open(near, '/chat');
  await chat.reaches({ kind: 'connected' });
  const secret = await chat.namespace('/secret', { token: 'wrong' });
  await secret.reaches({ kind: 'refused', error: { message: 'wrong token', data: { code: 'token' } } });
  expect(await secret.ask('echo', 1)).toEqual({ error: 'disconnected' });
  expect(await chat.ask('echo', 1)).toEqual({ ok: 1 });

  await secret.reconnect({ token: TOKEN });
  await secret.reaches({ kind: 'connected' });
  expect(await secret.ask('echo', '비밀')).toEqual({ ok: '비밀' });
  expect(server.clients).toBe(1);
});

test('a client whose only namespace is refused leaves, and can try again', async ({ near, server }) => {
  const link = await Link.open(near, '/secret', QUICK, { token: 'wrong' });
  await link.reaches({ kind: 'refused' });
  await expect.poll(() => server.clients).toBe(0);
  await link.reconnect({ token: TOKEN });
  await link.reaches({ kind: 'connected' });
  expect((await link.states()).map((state) => state.kind)).toEqual([
    'connecting',
    'refused',
    'connecting',
    'connected',
  ]);
});

test('a namespace that does not exist is refused', async ({ near }) => {
  const link = await Link.open(near, '/nowhere');
  await link.reaches({ kind: 'refused', error: { message: 'Invalid namespace' } });
});

test('one whom the server throws out comes back by itself', async ({ near }) => {
  const link = await Link.open(near, '/chat');
  await link.reaches({ kind: 'connected' });
  const first = await link.id();
  const pending = link.ask('never', 1);
  await link.emit('throw me out', null);
  expect(await pending).toEqual({ error: 'disconnected' });
  await expect.poll(() => link.id()).not.toBe(first);
  await link.reaches({ kind: 'connected' });
  const waited = (await link.states()).find((state) => state.kind === 'waiting');
  expect(waited).toMatchObject({ reason: 'server disconnected' });
});

test('one that leaves stays away, and its link is closed with the last', async ({ near, server }) => {
  const link = await Link.open(near, '/chat');
  const secret = await link.namespace('/secret', { token: TOKEN });
  await link.reaches({ kind: 'connected' });
  await secret.reaches({ kind: 'connected' });
  await link.disconnect();
  expect(await link.state()).toEqual({ kind: 'closed' });
  expect(await secret.ask('echo', 1)).toEqual({ ok: 1 });
  await secret.disconnect();
  await expect.poll(() => server.clients).toBe(0);
});

for (const transport of ['websocket', 'polling'] as const) {
  test(`a client that is closed over ${transport} is gone at once, and can be opened again`, async ({ near, server }) => {
    const link = await Link.open(near, '/chat', { ...QUICK, transports: [transport] });
    await link.reaches({ kind: 'connected', transport });
    await link.close();
    expect(await link.state()).toEqual({ kind: 'closed' });
    await expect.poll(() => server.clients, { timeout: 2000 }).toBe(0);
    await link.reopen();
    await link.reaches({ kind: 'connected', transport });
  });
}
