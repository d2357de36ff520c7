// N0: the quick chat's page as Madang serves it, with the library that Madang serves, and the note's own page.
import { Madang } from '../support/server';
import { Client, HELLO } from './support/clients';
import { expect, test } from './support/fixtures';
import { openAtMadang } from './support/note_page';

test('0.4 the page greets by name, as text', async ({ page, madang }) => {
  await page.goto(`${madang.origin}/html/${encodeURIComponent('지나')}`);
  await expect(page.getByRole('heading')).toHaveText('Hello 지나.');
  await expect(page.getByText('Welcome')).toBeVisible();
  const markup = '<img src=x onerror="document.title=1">';
  await page.goto(`${madang.origin}/html/${encodeURIComponent(markup)}`);
  await expect(page.getByRole('heading')).toHaveText(`Hello ${markup}.`);
  await expect(page).toHaveTitle(`Hello ${markup}.`);
});

test('0.5 the log is above, the input and the button are in a row', async ({ page, madang }) => {
  await page.goto(`${madang.origin}/html/a`);
  const [log, input, button] = await Promise.all(
    ['#chat', '#textfield_input', '#send_button'].map(async (id) => (await page.locator(id).boundingBox())!),
  );
  expect(log.y + log.height).toBeLessThanOrEqual(input.y);
  expect(input.x + input.width).toBeLessThanOrEqual(button.x);
  expect(Math.abs(input.y + input.height / 2 - (button.y + button.height / 2))).toBeLessThan(input.height / 2);
});

test('0.6 the page connects to its own host and port', async ({ page, madang }) => {
  const socket = page.waitForEvent('websocket');
  await page.goto(`${madang.origin}/html/a`);
  expect(new URL((await socket).url()).host).toBe(new URL(madang.origin).host);
});

test('0.7 the own line is there at once, and the input is empty', async ({ page, madang }) => {
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  const connected = page.waitForEvent('websocket');
  await page.goto(`${madang.origin}/html/a`);
  await connected;
  const log = page.locator('#chat');
  await page.locator('#textfield_input').fill(HELLO);
  await page.locator('#send_button').click();
  await expect(log.locator('p').first()).toHaveText(`You: ${HELLO}`);
  await expect(page.locator('#textfield_input')).toHaveValue('');
  // Enter sends as well; blank text does not.
  await page.locator('#textfield_input').fill('   ');
  await page.keyboard.press('Enter');
  await page.locator('#textfield_input').fill('<b>bold</b>');
  await page.keyboard.press('Enter');
  await expect(log.getByText('Server:')).toHaveCount(2);
  await expect(log.getByText('You:')).toHaveText([`You: ${HELLO}`, 'You: <b>bold</b>']);
  await expect(log.locator('b')).toHaveCount(0);
  // The policy of the page has nothing to complain of.
  expect(complaints).toEqual([]);
});

test('0.9 what the server says is appended, and nobody can write into the log', async ({ page, madang, newClient }) => {
  const other = await newClient();
  const connected = page.waitForEvent('websocket');
  await page.goto(`${madang.origin}/html/a`);
  await connected;
  await page.locator('#textfield_input').fill('one');
  await page.keyboard.press('Enter');
  const log = page.locator('#chat');
  await expect(log.locator('p')).toHaveText(['You: one', 'Server: Message recieved!']);
  other.say(`<i>${HELLO}</i>`);
  await expect(log.locator('p').nth(2)).toHaveText(new RegExp(`^Server: .+: <i>${HELLO}</i>$`));
  await expect(log.locator('i')).toHaveCount(0);
  await log.focus();
  await page.keyboard.type('not a key gets in');
  await expect(log).not.toContainText('not a key');
});

for (const webSocket of [true, false]) {
  const how = webSocket ? 'over WebSocket' : 'without WebSocket';
  test(`0.8 the note's own page with client 1.3.6 works, ${how}`, async ({ page, madang, newClient }) => {
    const other = await newClient();
    await openAtMadang(page, madang.origin, 'n0', { webSocket });
    const log = page.locator('#chat');
    await page.locator('#textfield_input').fill(HELLO);
    await page.locator('#send_button').click();
    // The note's page writes by innerHTML into a text area: its text is what was there from the start.
    await expect(log).toHaveText(`You: ${HELLO} Server: Message recieved!`);
    await expect(page.locator('#textfield_input')).toHaveValue('');
    await other.hears(HELLO);
    other.say(`${HELLO} too`);
    await expect(log).toContainText(`: ${HELLO} too`);
  });
}

test('0.11 a setting logs what goes over the wire', async ({ madang, newClient }) => {
  const talkative = await Madang.started('--log', 'socketioxide=debug');
  const client = await Client.connected(talkative.origin);
  client.say('a word');
  await expect.poll(() => talkative.said).toMatch(/received message: .*chat message.*a word/);
  client.disconnect();
  await talkative.dispose();
  // And otherwise nothing of it.
  const other = await newClient();
  other.say('a word');
  await other.hears('a word');
  await expect.poll(() => madang.said).toMatch(/message socket=.* bytes=6/);
  expect(madang.said).not.toContain('a word');
});

for (const setting of ['off', 'read-only']) {
  test(`0.6 the page says why nobody speaks when dialects are ${setting}`, async ({ page }) => {
    const madang = await Madang.started('--dialects', setting);
    await page.goto(`${madang.origin}/html/a`);
    await page.locator('#textfield_input').fill(HELLO);
    await page.keyboard.press('Enter');
    await expect(page.locator('#link')).toHaveText('The operator has switched this off here.');
    await expect(page.locator('#chat')).not.toContainText('Server:');
    await madang.dispose();
  });
}
