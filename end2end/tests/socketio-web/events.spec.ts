// Events and acks both ways, with the official Node server, over each transport.
import { Link, openHarness, QUICK } from './support/harness';
import { expect, test } from './support/fixtures';

const TEXT = '안녕하세요 é 👩‍👩‍👧‍👦 "따옴표" \u0000 \u2028 \u001e';

for (const transport of ['websocket', 'polling'] as const) {
  test.describe(`over ${transport}`, () => {
    const options = { ...QUICK, transports: [transport] };

    test('an event goes to the server and comes back, with its text intact', async ({ near }) => {
      const link = await Link.open(near, '/chat', options);
      await link.reaches({ kind: 'connected', transport });
      expect(await link.emit('shout', { text: TEXT })).toBe(true);
      await expect.poll(() => link.events('shout')).toEqual([[{ text: TEXT }]]);
      expect(await link.id()).toBeTruthy();
    });

    test('the server answers with an ack', async ({ near }) => {
      const link = await Link.open(near, '/chat', options);
      await link.reaches({ kind: 'connected' });
      expect(await link.ask('echo', [TEXT, 1, null])).toEqual({ ok: [TEXT, 1, null] });
    });

    test('the client answers when the server asks for an ack', async ({ near, server }) => {
      const link = await Link.open(near, '/chat', options);
      await link.reaches({ kind: 'connected' });
      await link.echo('question');
      await link.emit('ask me', { text: TEXT });
      await expect.poll(() => server.answers).toEqual([{ text: TEXT }]);
    });

    test('a thousand events of one burst come in order', async ({ near }) => {
      const link = await Link.open(near, '/chat', options);
      await link.reaches({ kind: 'connected' });
      await link.emit('burst', 1000);
      await expect.poll(async () => (await link.events('number')).length).toBe(1000);
      expect((await link.events('number')).flat()).toEqual(Array.from({ length: 1000 }, (_, n) => n));
    });

    test('a thousand events to the server come in order', async ({ near, server }) => {
      const link = await Link.open(near, '/chat', options);
      await link.reaches({ kind: 'connected' });
      await link.emitNumbers('number', 0, 1000);
      await expect.poll(() => server.numbers.length).toBe(1000);
      expect(server.numbers).toEqual(Array.from({ length: 1000 }, (_, n) => n));
    });

    test('several arguments and binary attachments arrive', async ({ near }) => {
      const link = await Link.open(near, '/chat', options);
      await link.reaches({ kind: 'connected' });
      await link.emit('many', null);
      await link.emit('attach', null);
      await expect.poll(() => link.events('many')).toEqual([[1, [2], { three: '셋' }]]);
      await expect.poll(() => link.events('attached')).toEqual([[{ bytes: [1, 2, 255] }, [7]]]);
      // The packet after the attachments is read as well as before.
      expect(await link.ask('echo', 'after')).toEqual({ ok: 'after' });
    });
  });
}

test('two pages talk to each other', async ({ near, server, context }) => {
  const other = await context.newPage();
  await openHarness(other, server.origin);
  const [here, there] = [await Link.open(near, '/chat'), await Link.open(other, '/chat')];
  await here.reaches({ kind: 'connected' });
  await there.reaches({ kind: 'connected' });
  await here.emit('shout', '여기');
  await there.emit('shout', '저기');
  for (const link of [here, there]) {
    await expect.poll(async () => (await link.events('shout')).flat().sort()).toEqual(['여기', '저기']);
  }
});

test('an ack that never comes ends in time', async ({ near }) => {
  const link = await Link.open(near, '/chat');
  await link.reaches({ kind: 'connected' });
  expect(await link.ask('never', 1, 200)).toEqual({ error: 'timeout' });
  // It was that ack, not the link.
  expect(await link.ask('echo', 2)).toEqual({ ok: 2 });
});

test('without a connection nothing is buffered', async ({ near, server }) => {
  await server.stop();
  const link = await Link.open(near, '/chat', { backoffMin: 60_000, backoffMax: 60_000 });
  await link.reaches({ kind: 'waiting', reason: 'unreachable' });
  expect(await link.emit('shout', 'lost')).toBe(false);
  expect(await link.ask('echo', 'lost')).toEqual({ error: 'disconnected' });
});
