// The page without Wasm: server-side rendering, and everything that works without JavaScript.
import { expect, test } from './support/fixtures';

test('with JavaScript off one joins, reads, posts and sees the answer', async ({ newPerson, madang }) => {
  const jun = await newPerson('Jun');
  await jun.room.saySettled('Is anyone here?');

  const mina = await newPerson('Mina', { javaScriptEnabled: false });
  await expect(mina.room.row('Is anyone here?')).toHaveCount(1);
  await mina.room.composer.fill('Yes, without a script');
  await mina.room.send.click();
  await expect(mina.page).toHaveURL(`${madang.origin}/r/lobby`);
  await expect(mina.room.row('Yes, without a script')).toHaveCount(1);
  await expect(mina.room.composer).toHaveValue('');

  await expect(jun.room.row('Yes, without a script')).toHaveCount(1);
  await jun.room.saySettled('Good to see you');
  await mina.page.reload();
  await expect(mina.room.row('Good to see you')).toHaveCount(1);
  await expect(mina.room.row('Yes, without a script')).toHaveCount(1);
});

test('with JavaScript off rooms are made, joined and left', async ({ newPerson, madang }) => {
  const jun = await newPerson('Jun');
  await jun.room.create(madang.origin, 'Garden');
  await jun.room.live();
  await jun.room.saySettled('Tulips');

  const mina = await newPerson('Mina', { javaScriptEnabled: false });
  await mina.room.roomLink('garden').click();
  await mina.room.joinRoom.getByRole('button').click();
  await expect(mina.room.row('Tulips')).toHaveCount(1);
  await mina.page.getByRole('button', { name: 'Leave room' }).click();
  await mina.room.open(madang.origin, 'garden');
  await expect(mina.room.joinRoom).toBeVisible();
  await mina.room.create(madang.origin, 'Kitchen');
  await expect(mina.page).toHaveURL(`${madang.origin}/r/kitchen`);
});

test('with JavaScript off a refused name is explained, and leaving works', async ({ newPerson }) => {
  await newPerson('Jun');
  const mina = await newPerson('Mina', { javaScriptEnabled: false, joined: false });
  await mina.joinPage.join('Jun');
  await expect(mina.joinPage.refusal).not.toBeEmpty();
  await mina.joinPage.join('Mina');
  await expect(mina.room.composer).toBeVisible();
  await mina.page.getByRole('button', { name: 'Leave Madang' }).click();
  await expect(mina.joinPage.name).toBeVisible();
});

test('with JavaScript off a double click on the form joins once, and one is in', async ({ newPerson }) => {
  const jun = await newPerson('Jun');
  const mina = await newPerson('Mina', { javaScriptEnabled: false, joined: false });
  await mina.joinPage.name.fill('Mina');
  await mina.joinPage.button.dblclick();
  await expect(mina.room.composer).toBeVisible();
  await mina.room.composer.fill('I am in');
  await mina.room.send.click();
  await expect(jun.room.row('I am in')).toHaveCount(1);
});

test('the first HTML has the room’s messages in it', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  await mina.room.saySettled('in the first paint');
  const answer = await mina.context.request.get(`${madang.origin}/r/lobby`);
  expect(answer.headers()['content-type']).toContain('text/html');
  // Another member's page, or a shared cache, must not get it.
  expect(answer.headers()['cache-control']).toMatch(/no-store|private/);
  expect(await answer.text()).toMatch(/<article[^>]*class="message[^>]*>[\s\S]*in the first paint/);
});

test('without any script the page says how to see what is new', async ({ newPerson }) => {
  const jun = await newPerson('Jun');
  const mina = await newPerson('Mina', { javaScriptEnabled: false });
  const notLive = mina.page.locator('#not-live');
  await expect(notLive).toContainText('does not update by itself');
  await jun.room.saySettled('something new');
  await notLive.getByRole('link', { name: 'Reload' }).click();
  await expect(mina.room.row('something new')).toHaveCount(1);

  const minji = await newPerson('민지', { javaScriptEnabled: false, locale: 'ko-KR' });
  await expect(minji.page.locator('#not-live')).toContainText('새로고침');
  // A live page has nothing of it.
  await expect(jun.page.locator('#not-live')).toHaveCount(0);
});

test('titles are plain text, whatever a room is called', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina', { javaScriptEnabled: false });
  await mina.room.create(madang.origin, 'Q&A </title> <b>');
  await expect(mina.page).toHaveTitle('Q&A </title> <b> – Madang');
  for (const path of ['/r/lobby', '/rooms/new', '/nowhere', '/learn', '/learn/rooms']) {
    const html = await (await mina.context.request.get(madang.origin + path)).text();
    // What is in a title and in a text area is text: marks would be shown.
    for (const [, , inside] of html.matchAll(/<(title|textarea)\b[^>]*>([^]*?)<\/\1>/g)) {
      expect(inside, path).not.toContain('<');
    }
    expect(/<title>([^<]+)<\/title>/.exec(html)?.[1], path).toBeTruthy();
  }
});

test('numbers are left alone by phones', async ({ madang }) => {
  const html = await (await fetch(`${madang.origin}/`)).text();
  expect(html).toMatch(/<meta name="format-detection" content="telephone=no[^"]*"/);
});

test('what the page loads has hashed names, is compressed, and is kept for ever', async ({ madang }) => {
  const html = await (await fetch(`${madang.origin}/`)).text();
  const paths = new Set([...html.matchAll(/["'](\/pkg\/[^"']+\.(?:js|wasm|css))["']/g)].map((match) => match[1]));
  const kinds = [...paths].map((path) => path.split('.').pop()).sort();
  expect(kinds).toEqual(expect.arrayContaining(['css', 'js', 'wasm']));
  for (const path of paths) {
    expect(path).toMatch(/\.[\w-]{16,}\.(js|wasm|css)$/);
    const answer = await fetch(madang.origin + path, { headers: { 'accept-encoding': 'br' } });
    expect(answer.status, path).toBe(200);
    expect(answer.headers.get('content-encoding'), path).toBe('br');
    expect(answer.headers.get('cache-control'), path).toMatch(/immutable/);
    expect(answer.headers.get('content-type'), path).toMatch(/^(text\/javascript|application\/wasm|text\/css)/);
  }
});

test('hydration changes nothing and logs nothing', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  await mina.room.saySettled('안녕 <b>é</b> 😀\nhttps://example.com');
  for (const path of ['/r/lobby', '/rooms/new']) {
    await mina.page.goto(madang.origin + path);
    await expect(mina.page.locator('body')).toHaveAttribute('data-hydrated', 'true');
    // Taken over, that is, and not drawn anew.
    await expect(mina.page.locator('body')).not.toHaveAttribute('data-drawn');
  }
  const jun = await newPerson('Jun', { joined: false });
  await expect(jun.page.locator('body')).toHaveAttribute('data-hydrated', 'true');
  mina.expectNoComplaints();
  jun.expectNoComplaints();
});
