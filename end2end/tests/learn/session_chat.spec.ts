// The session chat: names, one event for everyone, and acknowledgements.
import { expect, type Learner, test } from './support/fixtures';

async function say(learner: Learner, name: string, text: string): Promise<void> {
  await learner.page.locator('#user_name').fill(name);
  await learner.page.locator('#message').fill(text);
  await learner.page.locator('#message').press('Enter');
}

const ROWS = '.message_holder > p';

test('everyone, the sender included, gets the same object', async ({ newLearner }) => {
  const mina = await newLearner('session-chat');
  const jun = await newLearner('session-chat');
  for (const { page } of [mina, jun]) await expect(page.locator('.message_holder > h3')).toHaveText('No message yet..');

  await say(mina, 'Mina', '안녕');
  await say(jun, 'Jun', 'hello');
  for (const learner of [mina, jun]) {
    await expect.poll(async () => (await learner.lines(ROWS)).sort()).toEqual(['Jun hello', 'Mina 안녕']);
    await expect(learner.page.locator('.message_holder > h3')).toHaveCount(0);
  }
  const name = mina.page.locator(`${ROWS} > b`).first();
  await expect(name).toHaveText('Mina');
  expect(Number(await name.evaluate((bold) => getComputedStyle(bold).fontWeight))).toBeGreaterThanOrEqual(600);
  await expect(mina.page.locator('#user_name')).toHaveValue('Mina');
  await expect(mina.page.locator('#message')).toHaveValue('');
  await expect(mina.page.locator('#message')).toBeFocused();
});

test('a page says that it has connected, and nothing is drawn for it', async ({ newLearner }) => {
  const mina = await newLearner('session-chat');
  await expect(mina.frame('out', '42["my event",{"data":"User Connected"}]')).toHaveCount(1);
  await expect(mina.frames.filter({ hasText: '"my response",{"data":"User Connected"}' })).toHaveCount(1);
  await expect(mina.page.locator('.message_holder > h3')).toBeVisible();
});

test('the callback is called once for each message, and the server is answered', async ({ newLearner }) => {
  const mina = await newLearner('session-chat');
  await say(mina, 'Mina', 'one');
  await say(mina, 'Mina', 'two');
  await expect(mina.page.locator('#acks')).toContainText('2');
  // What the server asks for by a number is answered by that number.
  const wire = await mina.wire();
  const asked = wire.map((frame) => /^in 42(\d+)\["my response"/.exec(frame)?.[1]).filter(Boolean);
  expect(asked.length).toBeGreaterThanOrEqual(2);
  for (const id of asked) expect(wire.filter((frame) => frame.startsWith(`out 43${id}[`))).toHaveLength(1);
});

test('after three reconnects one message is still sent once', async ({ newLearner }) => {
  const mina = await newLearner('session-chat');
  for (let round = 0; round < 3; round += 1) {
    await mina.disconnect.click();
    await expect(mina.connect).toBeEnabled();
    await mina.connect.click();
    await mina.connected();
  }
  await say(mina, 'Mina', 'once');
  await expect(mina.page.locator('#acks')).toContainText('1');
  expect(await mina.lines(ROWS)).toEqual(['Mina once']);
  expect((await mina.wire()).filter((frame) => frame.startsWith('out') && frame.includes('"once"'))).toHaveLength(1);
});

test('without a name or a message nothing goes out', async ({ newLearner }) => {
  const mina = await newLearner('session-chat');
  await say(mina, '  ', 'nameless');
  await say(mina, 'Mina', '  ');
  await say(mina, 'Mina', 'both');
  await expect.poll(() => mina.lines(ROWS)).toEqual(['Mina both']);
  expect((await mina.wire()).filter((frame) => frame.includes('user_name') && frame.startsWith('out'))).toHaveLength(1);
});
