// The lifecycle of a connection, displayed live.
import { expect, test } from './support/fixtures';

test('its steps light up, up to the close and with a new connection again', async ({ newLearner }) => {
  const mina = await newLearner('quick-chat');
  await mina.expectStep('create', 'done');
  await mina.expectStep('handshake', 'done');
  await mina.expectStep('open', 'now');
  await mina.expectStep('talk', 'ahead');

  await mina.page.locator('#textfield_input').fill('hello');
  await mina.page.locator('#send_button').click();
  await mina.expectStep('talk', 'now');
  await mina.expectStep('close', 'ahead');

  await mina.disconnect.click();
  await mina.expectStep('talk', 'done');
  await mina.expectStep('close', 'now');
  await expect(mina.page.locator('[data-step="close"]')).toContainText('This page has ended it.');
  await expect(mina.frame('out', '41')).toHaveCount(1);
  await expect(mina.frames.last()).toContainText('WebSocket closed');

  await mina.page.locator('#textfield_input').fill('too late');
  await mina.page.locator('#send_button').click();
  await expect(mina.page.locator('#unsent')).not.toBeEmpty();
  await expect(mina.page.locator('#textfield_input')).toHaveValue('too late');

  await mina.connect.click();
  await mina.expectStep('open', 'now');
  await mina.expectStep('close', 'ahead');
  await expect(mina.page.locator('.life-count')).toContainText('2');
});

test('a server that goes away without a word is lost, and found again when it is back', async ({ newLearner, madang }) => {
  const mina = await newLearner('quick-chat');
  mina.mayLoseTheServer();
  await madang.stop('SIGKILL');
  await expect(mina.disconnect).toBeDisabled();
  await expect(mina.frames.filter({ hasText: 'WebSocket closed' }).first()).toBeVisible();
  await madang.start();
  await mina.connected();
  await mina.expectStep('open', 'now');
  await expect(mina.page.locator('.life-count')).not.toBeEmpty();
});

test('an upgrade from polling is seen, and is one and the same life', async ({ newLearner }) => {
  const mina = await newLearner('quick-chat');
  await mina.page.locator('#transports button', { hasText: 'Polling, then upgrade' }).click();
  await expect(mina.frames.filter({ hasText: 'Polling ended' })).toHaveCount(1);
  await expect(mina.frame('out', '2probe')).toHaveCount(1);
  await expect(mina.frame('in', '3probe')).toHaveCount(1);
  await expect(mina.frame('out', '5')).toHaveCount(1);
  await mina.expectStep('open', 'now');
  await expect(mina.page.locator('.life-count')).toContainText('2');
});
