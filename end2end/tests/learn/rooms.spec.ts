// The rooms demo: login, rooms, choosing recipients, and being disconnected by the server.
import { expect, type Learner, test } from './support/fixtures';

async function login(learner: Learner, name: string): Promise<void> {
  await learner.page.locator('#login-name').fill(name);
  await learner.page.locator('#login-userid').fill(name.toLowerCase());
  await learner.page.locator('#login button').click();
  await expect(learner.page.locator('#received')).toContainText(`login ${name}`);
}

async function say(learner: Learner, to: string, text: string, id?: string): Promise<void> {
  await learner.page.locator('#talk-to').selectOption(to);
  if (id) await learner.page.locator('#talk-id').fill(id);
  await learner.page.locator('#talk-message').fill(text);
  await learner.page.locator('#talk-message').press('Enter');
}

async function join(learner: Learner, room: string): Promise<void> {
  await learner.page.locator('#join-room').fill(room);
  await learner.page.locator('#join-room').press('Enter');
  await expect(learner.page.locator('.joined')).toContainText(room);
}

/** What has been said to a page, logins left out. */
async function heard(learner: Learner): Promise<string[]> {
  return (await learner.lines('#received > li')).filter((line) => !line.startsWith('login'));
}

async function three(newLearner: (slug: 'rooms') => Promise<Learner>): Promise<[Learner, Learner, Learner]> {
  const [mina, jun, ana] = [await newLearner('rooms'), await newLearner('rooms'), await newLearner('rooms')];
  await login(mina, 'Mina');
  await login(jun, 'Jun');
  await login(ana, 'Ana');
  return [mina, jun, ana];
}

test('a login is told to all, and chat goes to the others with its sender', async ({ newLearner }) => {
  const [mina, jun] = await three(newLearner);
  await expect(mina.page.locator('#received')).toContainText('login Jun');
  await say(mina, 'others', '안녕');
  await expect.poll(() => heard(jun)).toEqual(['chat Mina: 안녕']);
  await expect(jun.frame('in', '42["chat",{"from":{"name":"Mina","userid":"mina"},"msg":"안녕"}]')).toHaveCount(1);
  // The sender gets what comes after it, and so would have got it.
  await say(jun, 'to:all', 'end');
  await expect.poll(() => heard(mina)).toEqual(['s2c chat Jun: end']);
});

test('s2c chat goes to the sender, to all, or to one id', async ({ newLearner }) => {
  const [mina, jun, ana] = await three(newLearner);
  await say(mina, 'to:sender', 'to myself');
  await say(mina, 'to:id', 'to Jun', await jun.id());
  await say(mina, 'to:all', 'end');
  await expect.poll(() => heard(mina)).toEqual(['s2c chat Mina: to myself', 's2c chat Mina: end']);
  await expect.poll(() => heard(jun)).toEqual(['s2c chat Mina: to Jun', 's2c chat Mina: end']);
  await expect.poll(() => heard(ana)).toEqual(['s2c chat Mina: end']);
});

test('what is said in a room is heard by those who have joined it', async ({ newLearner }) => {
  const [mina, jun, ana] = await three(newLearner);
  await join(mina, '정원');
  await join(jun, '정원');
  await say(mina, 'room:정원', 'in the garden');
  await expect.poll(() => heard(jun)).toEqual(['chat Mina: in the garden']);

  await jun.page.locator('.joined button').click();
  await expect(jun.page.locator('.joined > li')).toHaveCount(0);
  await join(ana, '정원');
  await say(mina, 'room:정원', 'again');
  await expect.poll(() => heard(ana)).toEqual(['chat Mina: again']);
  await say(mina, 'to:all', 'end');
  await expect.poll(() => heard(jun)).toEqual(['chat Mina: in the garden', 's2c chat Mina: end']);
});

test('nobody speaks without a name', async ({ newLearner }) => {
  const mina = await newLearner('rooms');
  await say(mina, 'others', 'nameless');
  await expect(mina.page.locator('#fault')).toContainText('Log in first');
  await expect(mina.page.locator('#talk-message')).toHaveValue('nameless');
  await login(mina, 'Mina');
  await mina.page.locator('#talk-message').press('Enter');
  await expect(mina.page.locator('#talk-message')).toHaveValue('');
  expect((await mina.wire()).filter((frame) => frame.includes('"nameless"'))).toHaveLength(1);
});

test('the server disconnects who asks for it, and the client comes back as a new socket', async ({ newLearner }) => {
  const mina = await newLearner('rooms');
  await login(mina, 'Mina');
  await join(mina, 'garden');
  await mina.page.locator('#force-disconnect').click();
  await expect(mina.frame('in', '41')).toHaveCount(1);
  await expect(mina.page.locator('.life-count')).toContainText('2');
  await mina.connected();
  await mina.expectStep('open', 'now');
  // The server has written nothing on the new socket.
  await expect(mina.page.locator('.joined > li')).toHaveCount(0);
  await say(mina, 'others', 'still me?');
  await expect(mina.page.locator('#fault')).toContainText('Log in first');
});

test('all of it works where there is no WebSocket', async ({ newLearner }) => {
  const mina = await newLearner('rooms');
  const jun = await newLearner('rooms');
  await mina.page.locator('#transports button', { hasText: 'HTTP polling' }).click();
  await expect(mina.frames.filter({ hasText: 'the server has answered the first GET' })).toHaveCount(1);
  await mina.connected();
  await login(mina, 'Mina');
  await login(jun, 'Jun');
  await say(mina, 'others', '안녕 é 😀');
  await expect.poll(() => heard(jun)).toEqual(['chat Mina: 안녕 é 😀']);
  await say(jun, 'others', 'and back');
  await expect.poll(() => heard(mina)).toEqual(['chat Jun: and back']);
});
