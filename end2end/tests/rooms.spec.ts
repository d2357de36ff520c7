// Rooms: creating, finding, joining, leaving, and what is hidden from non-members.
import { expect, test } from './support/fixtures';
import { Wire } from './support/wire';

test('someone makes a room, another joins it, and they talk there', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  await mina.room.create(madang.origin, 'Book club', 'One book a month');
  await expect(mina.page).toHaveURL(`${madang.origin}/r/book-club`);
  await expect(mina.page.getByText('One book a month').first()).toBeVisible();
  await expect(mina.room.roomLink('book-club')).toHaveAttribute('aria-current', 'page');
  await mina.room.live();
  await mina.room.saySettled('Who has read it?');

  await jun.room.roomLink('book-club').click();
  await expect(jun.page).toHaveURL(`${madang.origin}/r/book-club`);
  await jun.room.joinRoom.getByRole('button', { name: 'Join room' }).click();
  await expect(jun.room.row('Who has read it?')).toHaveCount(1);
  await jun.room.live();
  await expect(mina.room.member('Jun')).toHaveAttribute('data-online', 'true');
  await expect(mina.room.timeline.locator('.notice').filter({ hasText: 'Jun' })).toHaveCount(1);
  await jun.room.saySettled('I have');
  await expect(mina.room.row('I have')).toHaveCount(1);
});

test('a room that one makes shows up in everyone’s list', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  await mina.room.create(madang.origin, '독서 모임');
  await expect(jun.room.rooms.getByRole('link', { name: '독서 모임' })).toBeVisible();
});

test('leaving a room takes its messages away; the lobby cannot be left', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  await expect(mina.page.getByRole('button', { name: 'Leave room' })).toHaveCount(0);
  await mina.room.create(madang.origin, 'Garden');
  await mina.room.live();
  await mina.room.saySettled('Tulips');
  await mina.page.getByRole('button', { name: 'Leave room' }).click();
  await mina.page.getByRole('dialog').getByRole('button', { name: 'Leave room' }).click();
  await expect(mina.page).toHaveURL(`${madang.origin}/r/lobby`);
  await mina.room.open(madang.origin, 'garden');
  await expect(mina.room.joinRoom).toBeVisible();
  await expect(mina.page.getByText('Tulips')).toHaveCount(0);
});

test('who is no member sees and receives nothing', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  const frames: string[] = [];
  jun.page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(payload.toString())));

  await mina.room.create(madang.origin, 'Secrets');
  await mina.room.live();
  await mina.room.saySettled('the password is tulip');

  await jun.room.open(madang.origin, 'secrets');
  await jun.room.live();
  await expect(jun.room.joinRoom).toBeVisible();
  await expect(jun.room.timeline).toHaveCount(0);
  await expect(jun.room.composer).toHaveCount(0);
  const html = await (await jun.context.request.get(`${madang.origin}/r/secrets`)).text();
  expect(html).toContain('Secrets');
  expect(html).not.toContain('tulip');

  await mina.room.saySettled('and now it is tulip too');
  await mina.room.open(madang.origin);
  await mina.room.live();
  await mina.room.saySettled('hello, lobby');
  // The lobby's message came after the secret one, and on the same connection.
  await expect.poll(() => frames.join()).toContain('hello, lobby');
  expect(frames.join()).not.toContain('tulip');
});

test('what one has not read is counted beside the room, and reading clears it', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  await jun.room.create(madang.origin, 'Elsewhere');
  await jun.room.live();
  await expect(jun.room.unread('lobby')).toHaveCount(0);

  await mina.room.saySettled('one');
  await expect(jun.room.unread('lobby')).toContainText('1');
  await mina.room.saySettled('two');
  await expect(jun.room.unread('lobby')).toContainText('2');
  // As the server counts it.
  await jun.page.reload();
  await expect(jun.room.unread('lobby')).toContainText('2');

  await jun.room.live();
  await jun.room.roomLink('lobby').click();
  await expect(jun.room.row('two')).toHaveCount(1);
  await expect(jun.room.timeline.locator('.new-divider')).toHaveCount(1);
  await expect(jun.room.unread('lobby')).toHaveCount(0);
  await expect(mina.room.unread('lobby')).toHaveCount(0);
});

test('what has been read is told again to a server that was too busy for it', async ({ newPerson }) => {
  const jun = await newPerson('Jun');
  const mina = await newPerson('Mina');
  const wire = await Wire.of(mina.page);
  await mina.page.reload();
  await mina.room.live();
  wire.answer('room.read', [{ fault: { code: 'too_busy', message: 'later', again_in: 300 } }]);
  const passOn = wire.fromPage;
  const told: number[] = [];
  wire.fromPage = (frame) => {
    const read = /^42\/chat,\d+\["room\.read",\{[^}]*"read":(\d+)/.exec(frame)?.[1];
    if (read) told.push(Number(read));
    return passOn(frame);
  };
  await jun.room.saySettled('news');
  await expect(mina.room.row('news')).toHaveCount(1);
  const seq = Number(await mina.room.row('news').getAttribute('data-seq'));
  await expect.poll(() => told).toEqual([seq, seq]);
});

test('a room’s name that is taken or has no letter is refused beside the field', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  await mina.room.create(madang.origin, 'Garden');
  for (const name of ['Garden', '!!!']) {
    await mina.page.goto(`${madang.origin}/rooms/new`);
    await mina.page.locator('input[name="name"]').fill(name);
    await mina.page.locator('form[action="/rooms"] button').click();
    await expect(mina.page.locator('#name-error')).toHaveAttribute('role', 'alert');
    await expect(mina.page.locator('#name-error')).not.toBeEmpty();
    await expect(mina.page.locator('input[name="name"]')).toHaveValue(name);
  }
});

test('a name that only the server can judge is refused beside the field, live and as a plain form', async ({
  newPerson,
  madang,
}) => {
  const mina = await newPerson('Mina');
  await mina.room.live();
  await mina.page.goto(`${madang.origin}/rooms/new`);
  await mina.room.live();
  // Unassigned: the page has no table of that.
  await mina.page.locator('input[name="name"]').fill('Gar\u0378den');
  await mina.page.locator('form[action="/rooms"] button').click();
  const refusal = 'There is an invisible character in it that can’t be used here.';
  await expect(mina.page.locator('#name-error')).toHaveText(refusal);
  const jun = await newPerson('Jun', { joined: false });
  await jun.joinPage.join('Mi\u0378na');
  await expect(jun.joinPage.refusal).toHaveText(refusal);
  await jun.joinPage.join('Мina');
  await expect(jun.joinPage.refusal).toContainText('already has this name');
});

test('a big room lists who was last seen, and whoever comes', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  await mina.room.live();
  await jun.room.live();
  await jun.page.goto('about:blank');
  await expect(mina.room.member('Jun')).toHaveAttribute('data-online', 'false');
  for (let number = 0; number < 310; number += 1) {
    const body = new URLSearchParams({ name: `Visitor ${number}` });
    await fetch(`${madang.origin}/join`, { method: 'POST', body, redirect: 'manual' });
  }

  await mina.page.reload();
  await mina.room.live();
  await expect(mina.room.members.locator('.count')).toHaveText(/^30[0-9]\+$/);
  await expect(mina.room.members.getByText('and others, who haven’t been here lately')).toHaveCount(1);
  await expect(mina.room.member('Jun')).toHaveCount(0);

  await jun.room.open(madang.origin);
  await expect(mina.room.member('Jun')).toHaveAttribute('data-online', 'true');
});
