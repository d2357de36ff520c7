// The quick chat: one event there, one event back.
import { expect, type Learner, test } from './support/fixtures';

async function send(learner: Learner, text: string): Promise<void> {
  await learner.page.locator('#textfield_input').fill(text);
  await learner.page.locator('#send_button').click();
}

test('what one sends is drawn at once, and everyone hears that it has come', async ({ newLearner }) => {
  const mina = await newLearner('quick-chat');
  const jun = await newLearner('quick-chat');
  await send(mina, '안녕 😀');
  await expect.poll(() => mina.lines('#chat > p')).toEqual(['You: 안녕 😀', 'Server: Message recieved!']);
  await expect(mina.page.locator('#textfield_input')).toHaveValue('');
  await expect(mina.page.locator('#textfield_input')).toBeFocused();
  await expect(jun.page.locator('#chat')).toContainText('Server: Message recieved!');

  await expect(mina.frame('out', '42["send_message",{"text":"안녕 😀"}]')).toHaveCount(1);
  await expect(mina.frame('in', '42["message_from_server",{"text":"Message recieved!"}]')).toHaveCount(1);
});

test('a page that was changed before its Wasm came works all the same', async ({ newLearner }) => {
  const mina = await newLearner('quick-chat');
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await mina.page.route('**/*.wasm', async (route) => {
    await released;
    await route.continue();
  });
  await mina.page.reload({ waitUntil: 'domcontentloaded' });
  const changed = await mina.page.evaluate(() => {
    const nodes = document.createTreeWalker(document.querySelector('#live')!, NodeFilter.SHOW_COMMENT);
    const comments: Comment[] = [];
    while (nodes.nextNode()) comments.push(nodes.currentNode as Comment);
    comments.forEach((comment) => comment.replaceWith(document.createElement('font')));
    return comments.length;
  });
  expect(changed).toBeGreaterThan(0);
  release();
  await mina.connected();
  await send(mina, 'still here');
  await expect.poll(() => mina.lines('#chat > p')).toEqual(['You: still here', 'Server: Message recieved!']);
  await expect(mina.page.locator('#live font')).toHaveCount(0);
});

test('the log stands above, the field and its button in a row below it', async ({ newLearner }) => {
  const { page } = await newLearner('quick-chat');
  const [log, field, button] = await Promise.all(
    ['.demo-log:has(#chat)', '#textfield_input', '#send_button'].map((part) => page.locator(part).boundingBox()),
  );
  if (!log || !field || !button) throw new Error('a part of the demo is not drawn');
  expect(log.y + log.height).toBeLessThanOrEqual(field.y);
  expect(field.x + field.width).toBeLessThanOrEqual(button.x);
  expect(Math.abs(field.y - button.y)).toBeLessThanOrEqual(4);
});

test('Enter sends, blank text does not, and markup is shown as it was typed', async ({ newLearner }) => {
  const { page, ...mina } = await newLearner('quick-chat');
  const field = page.locator('#textfield_input');
  await field.fill('   ');
  await field.press('Enter');
  await page.locator('#send_button').click();
  await field.fill('<img src=x onerror=alert(1)>');
  await field.press('Enter');
  await expect(page.locator('#chat > p').first()).toHaveText('You: <img src=x onerror=alert(1)>');
  await expect(page.locator('#chat img')).toHaveCount(0);
  await expect(mina.frames.filter({ hasText: 'send_message' })).toHaveCount(1);
  // The log is for reading.
  expect(await page.locator('#chat').evaluate((chat) => (chat as HTMLElement).isContentEditable)).toBe(false);
  await expect(page.locator('.demo textarea')).toHaveCount(0);
});
