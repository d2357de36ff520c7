// The frame log: everything that goes over the wire.
import { expect, type Learner, test } from './support/fixtures';

async function say(learner: Learner, text: string): Promise<void> {
  await learner.page.locator('#input').fill(text);
  await learner.page.locator('#input').press('Enter');
}

test('it shows the real frames, both ways, with the time and what they mean', async ({ newLearner }) => {
  const mina = await newLearner('sockets');
  await say(mina, '안녕');
  await expect(mina.frame('in', '42["chat message","안녕"]')).toHaveCount(1);
  const wire = await mina.wire();
  expect(wire[0]).toMatch(/^in 0\{"sid":/);
  expect(wire).toContain('out 40');
  expect(wire.some((frame) => /^in 40\{"sid":/.test(frame))).toBe(true);

  const sent = mina.frame('out', '42["chat message","안녕"]');
  await expect(sent.locator('time')).toHaveText(/^\d\d:\d\d:\d\d\.\d{3}$/);
  await expect(sent.locator('.meaning')).toHaveText(
    'Engine.IO message (4), Socket.IO event (2): “chat message” with "안녕".',
  );
  await expect(sent.locator('.raw b')).toHaveText('42');
  await expect(mina.frames.first()).toContainText('Upgrade: websocket');
});

test('ping and pong are in it', async ({ newLearner }) => {
  const mina = await newLearner('quick-chat');
  await expect(mina.frame('in', '2').first()).toContainText('ping');
  await expect(mina.frame('out', '3').first()).toContainText('pong');
});

test('it can be paused, and shows afterwards what came meanwhile', async ({ newLearner }) => {
  const mina = await newLearner('sockets');
  await say(mina, 'before');
  await expect(mina.frame('in', '42["chat message","before"]')).toHaveCount(1);
  const pause = mina.page.locator('#log-pause');
  await pause.click();
  await expect(pause).toHaveAttribute('aria-pressed', 'true');
  await say(mina, 'meanwhile');
  await expect(mina.page.locator('#messages')).toContainText('meanwhile');
  await expect(pause).toContainText('2');
  await expect(mina.frames.filter({ hasText: 'meanwhile' })).toHaveCount(0);
  await pause.click();
  await expect(mina.frames.filter({ hasText: 'meanwhile' })).toHaveCount(2);
});

test('it can be copied', async ({ newLearner }) => {
  const mina = await newLearner('sockets', { permissions: ['clipboard-read', 'clipboard-write'] });
  await say(mina, '<b>안녕</b>');
  await expect(mina.frame('in', '42["chat message","<b>안녕</b>"]')).toHaveCount(1);
  await mina.page.locator('#log-copy').click();
  await expect(mina.page.locator('.wire')).toContainText('Copied.');
  const copied = await mina.page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^\d\d:\d\d:\d\d\.\d{3}\tout\t42\["chat message","<b>안녕<\/b>"\]$/m);
  expect(copied).toMatch(/\tin\t42\["chat message","<b>안녕<\/b>"\]$/m);
});

test('where the browser forbids copying it is marked instead', async ({ newLearner }) => {
  const mina = await newLearner('sockets');
  await mina.page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await mina.page.locator('#log-copy').click();
  await expect(mina.page.locator('.wire')).toContainText('Marked');
  expect(await mina.page.evaluate(() => getSelection()?.toString())).toContain('40');
});

test('it can be cleared, is bounded, and does not outlive the page', async ({ newLearner }) => {
  const mina = await newLearner('sockets');
  await expect(mina.frame('out', '40')).toHaveCount(1);
  await mina.page.locator('#log-clear').click();
  await expect(mina.frames).toHaveCount(0);

  await mina.page.locator('#form').evaluate((form: HTMLFormElement) => {
    const input = form.querySelector('input') as HTMLInputElement;
    for (let n = 0; n < 101; n += 1) {
      input.value = `no. ${n}`;
      form.requestSubmit();
    }
  });
  await expect(mina.frame('in', '42["chat message","no. 100"]')).toHaveCount(1);
  await expect(mina.frames).toHaveCount(200);
  await expect(mina.frame('out', '42["chat message","no. 0"]')).toHaveCount(0);

  await mina.page.reload();
  await mina.connected();
  await expect(mina.frames.filter({ hasText: 'no. 100' })).toHaveCount(0);
  expect(await mina.page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
});
