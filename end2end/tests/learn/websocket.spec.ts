// The browser's own WebSocket: text frames, and nothing else.
import { expect, type Learner, test } from './support/fixtures';

const LINES = '#texts > li';

async function send(learner: Learner, text: string): Promise<void> {
  await learner.page.locator('#text').fill(text);
  await learner.page.locator('#text').press('Enter');
}

test('the server greets first, and text goes out as it was typed', async ({ newLearner }) => {
  const mina = await newLearner('websocket');
  await expect.poll(() => mina.lines(LINES)).toEqual(['Hello, I am walli']);
  await send(mina, '안녕 "😀"');
  await expect(mina.frame('out', '안녕 "😀"')).toHaveCount(1);
  await expect(mina.page.locator(LINES).last()).toHaveText('You: 안녕 "😀"');
});

test('others hear it with a name before it, also from the other chats', async ({ newLearner }) => {
  const mina = await newLearner('websocket');
  const jun = await newLearner('websocket');
  const ana = await newLearner('sockets');
  await send(mina, 'from Mina');
  await expect(jun.page.locator(LINES).last()).toHaveText(/^\S.*: from Mina$/);
  await ana.page.locator('#input').fill('from Ana');
  await ana.page.locator('#input').press('Enter');
  for (const learner of [mina, jun]) {
    await expect(learner.page.locator(LINES).last()).toHaveText(/^\S.*: from Ana$/);
  }
});

test('its life ends with a code, and a new one begins only when it is asked for', async ({ newLearner }) => {
  const mina = await newLearner('websocket');
  await mina.expectStep('handshake', 'done');
  await mina.disconnect.click();
  await mina.expectStep('close', 'now');
  await expect(mina.frames.last()).toContainText('WebSocket closed, code 1000');
  await send(mina, 'too late');
  await expect(mina.page.locator('#unsent')).not.toBeEmpty();
  await expect(mina.page.locator('#text')).toHaveValue('too late');

  await mina.connect.click();
  await mina.connected();
  await expect(mina.page.locator('.life-count')).toContainText('2');
  await mina.page.locator('#text').press('Enter');
  await expect(mina.page.locator('#unsent')).toBeEmpty();
  await expect(mina.page.locator(LINES).last()).toHaveText('You: too late');
});
