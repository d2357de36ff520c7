// A server that violates the protocol: the client skips what it cannot parse, and goes on.
import { Link, QUICK } from './support/harness';
import { expect, test } from './support/fixtures';

const HANDSHAKE = '0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100000}';
const ADMISSION = '40/chat,{"sid":"y"}';
const NONSENSE = [
  '',
  '안녕',
  '9',
  '4',
  '49',
  '42',
  '42/chat',
  '42/chat,',
  '42/chat,{',
  '42/chat,[]',
  '42/chat,[1]',
  '42/chat,99999999999999999999999["e"]',
  '43/chat,',
  '43/chat,0[]',
  '43/chat,99[1]',
  '44/chat,{"message":"too late"}',
  '40/chat,{"sid":"again"}',
  '45',
  '45-/chat,["e"]',
  '4599999999999999999999-/chat,["e"]',
  '452-/chat,["never complete",{"_placeholder":true,"num":0}]',
  `42/chat,["deep",${'['.repeat(50_000)}`,
  '42/other,["to no one"]',
  '41/other,',
  '0{}',
  '0{"sid":"x","pingInterval":0}',
  '3probe',
  '5',
  '6',
  'b!!!',
];

test('nonsense over WebSocket is skipped', async ({ near }) => {
  await near.routeWebSocket(/\/socket\.io\//, (ws) => {
    ws.send(HANDSHAKE);
    ws.onMessage((message) => {
      if (String(message).startsWith('40/chat')) {
        ws.send(ADMISSION);
        NONSENSE.forEach((frame) => ws.send(frame));
        ws.send(Buffer.from([0xff, 0xfe, 0]));
        ws.send('42/chat,["still","here"]');
      }
    });
  });
  // A page installs its routes for WebSocket only when it is loaded.
  await near.reload();
  await near.waitForFunction(() => window.links !== undefined);
  const link = await Link.open(near, '/chat', { ...QUICK, transports: ['websocket'] });
  await expect.poll(() => link.events('still')).toEqual([['here']]);
  expect(await link.state()).toEqual({ kind: 'connected', transport: 'websocket' });
  expect(await link.id()).toBe('y');
});

test('nonsense over polling is skipped', async ({ near }) => {
  const sent: string[] = [];
  const answers = [HANDSHAKE, ADMISSION, NONSENSE.join('\u001e'), '42/chat,["still","here"]'];
  await near.route(/\/socket\.io\//, async (route) => {
    if (route.request().method() === 'POST') {
      sent.push(route.request().postData() ?? '');
      await route.fulfill({ body: 'ok' });
    } else {
      const body = answers.shift();
      // After the last answer the poll stays open, as a poll does.
      if (body !== undefined) await route.fulfill({ contentType: 'text/plain; charset=UTF-8', body });
    }
  });
  const link = await Link.open(near, '/chat', { ...QUICK, transports: ['polling'] });
  await expect.poll(() => link.events('still')).toEqual([['here']]);
  expect(await link.state()).toEqual({ kind: 'connected', transport: 'polling' });
  expect(sent[0]).toBe('40/chat,');
});

test('a session that the server does not know is begun anew', async ({ near }) => {
  let forgets = true;
  await near.route(/\/socket\.io\/.*sid=/, async (route) => {
    if (!forgets) return route.fallback();
    await route.fulfill({ status: 400, json: { code: 1, message: 'Session ID unknown' } });
  });
  const link = await Link.open(near, '/chat', { ...QUICK, transports: ['polling'] });
  await expect.poll(async () => (await link.states()).filter((s) => s.kind === 'waiting').length).toBeGreaterThan(1);
  forgets = false;
  await link.reaches({ kind: 'connected', transport: 'polling' });
});

test('a server that shakes hands with nonsense is asked again, ever more slowly', async ({ near, server }) => {
  await near.route(/\/socket\.io\//, (route) => route.fulfill({ body: '<html>not a Socket.IO server</html>' }));
  const link = await Link.open(near, '/chat', { ...QUICK, transports: ['polling'] });
  await expect.poll(async () => (await link.states()).some((state) => state.attempt === 3)).toBe(true);
  const waits = (await link.states()).filter((state) => state.kind === 'waiting');
  expect(waits.every((wait) => wait.reason === 'unreachable')).toBe(true);
  await near.unroute(/\/socket\.io\//);
  await link.reaches({ kind: 'connected' });
  expect(server.clients).toBe(1);
});

test('a server that never admits to the namespace is left and tried again', async ({ near }) => {
  await near.routeWebSocket(/\/socket\.io\//, (ws) => {
    ws.send(HANDSHAKE);
    // Without this the page's messages would go on to the real server.
    ws.onMessage(() => {});
  });
  await near.reload();
  await near.waitForFunction(() => window.links !== undefined);
  const link = await Link.open(near, '/chat', { ...QUICK, connectTimeout: 200, transports: ['websocket'] });
  await expect
    .poll(async () => (await link.states()).filter((state) => state.reason === 'namespace silent').length)
    .toBeGreaterThan(1);
});
