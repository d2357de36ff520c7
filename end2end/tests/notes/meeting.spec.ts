// All dialects and the UI together: each posts one message, and everyone receives it once, in their own format.
import { expect, test } from './support/fixtures';
import { connect, heard } from './support/plain_socket';

const fields = (value: unknown) => value as Record<string, string>;

test('all dialects and the UI meet in the lobby', async ({ newPerson, newClient, page, madang }) => {
  const mina = await newPerson('Mina');
  const echo = await newClient('1.3.6');
  const session = await newClient('1.7.3');
  const chat = await newClient('4.8.4');
  const rooms = await newClient('3.1.3');
  await connect(page, madang.origin, '/ws');
  await expect.poll(() => heard(page)).toHaveLength(1);

  // The first event of each shows what it speaks.
  const heardByEcho = echo.listenTo('message_from_server');
  const heardBySession = session.listenTo('my response');
  const heardByRooms = rooms.listenTo('chat');
  const logins = rooms.listenTo('login');
  const events = chat.listenTo('some event');
  session.emit('my event', { data: 'User Connected' });
  rooms.emit('login', { name: '로그인', userid: 1 });
  chat.emit('some event', { someProperty: 'x' });
  echo.emit('send_message', { text: 'who I am' });
  await expect.poll(() => logins).toEqual(['로그인']);
  await expect.poll(() => events).toHaveLength(1);
  await expect.poll(() => heardByEcho).toContainEqual({ text: 'Message recieved!' });
  await expect.poll(() => heardBySession).toContainEqual({ data: 'User Connected' });
  await expect(mina.room.row('who I am')).toHaveCount(1);

  echo.emit('send_message', { text: 'from Flask' });
  session.emit('my event', { user_name: '세션', message: 'from the session' });
  chat.emit('chat message', 'from Node');
  rooms.emit('chat', { msg: 'from the login' });
  await page.evaluate(() => window.plain.socket.send('from the wire'));
  const outside = ['from Flask', 'from the session', 'from Node', 'from the login', 'from the wire'];
  for (const text of outside) await expect(mina.room.row(text)).toHaveCount(1);
  // The last of all: whoever hears it has heard the others as often as they ever will.
  await mina.room.saySettled('from the UI');

  for (const text of ['from the UI', ...outside]) {
    const others = (own: string) => (text === own ? 0 : 1);
    const row = mina.room.row(text);
    await expect(row).toHaveCount(1);
    await expect(row.locator('.outside')).toHaveCount(outside.includes(text) ? 1 : 0);
    const ends = (line: unknown) => String(line).endsWith(`: ${text}`);
    const times = {
      echo: () => heardByEcho.filter((event) => ends(fields(event).text)).length,
      session: () => heardBySession.filter((event) => fields(event).message === text).length,
      chat: () => chat.heard.filter((line) => line === text || ends(line)).length,
      rooms: () => heardByRooms.filter((event) => fields(event).msg === text).length,
      wire: async () => (await heard(page)).filter(ends).length,
    };
    await expect.poll(times.echo, { message: `${text} for Flask` }).toBe(others('from Flask'));
    await expect.poll(times.session, { message: `${text} for the session` }).toBe(1);
    await expect.poll(times.chat, { message: `${text} for Node` }).toBe(1);
    await expect.poll(times.rooms, { message: `${text} for the login` }).toBe(others('from the login'));
    await expect.poll(times.wire, { message: `${text} for the wire` }).toBe(others('from the wire'));
  }
});
