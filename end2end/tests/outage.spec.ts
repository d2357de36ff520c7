// Outages: the server goes away and comes back, and nothing is lost or duplicated.
import { expect, test } from './support/fixtures';
import { Wire } from './support/wire';

test('what is typed while the server is down is pending, and arrives once after it is back', async ({
  newPerson,
  madang,
}) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  for (const person of [mina, jun]) person.mayLoseTheServer();
  await mina.room.saySettled('before');

  await madang.stop();
  await expect(mina.room.banner).toBeVisible();
  await mina.room.say('meanwhile');
  await expect(mina.room.row('meanwhile')).toHaveAttribute('data-state', 'pending');

  await madang.start();
  await expect(mina.room.row('meanwhile')).toHaveAttribute('data-state', 'settled', { timeout: 30_000 });
  await expect(mina.room.banner).not.toBeVisible();
  await jun.room.live();
  await mina.room.saySettled('after');
  for (const person of [mina, jun]) {
    await expect(person.room.row('after')).toHaveCount(1);
    await expect(person.room.row('meanwhile')).toHaveCount(1);
    await expect(person.room.row('before')).toHaveCount(1);
  }
});

test('the same with the tab closed in between', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  for (const person of [mina, jun]) person.mayLoseTheServer();

  await madang.stop();
  await mina.room.say('one for later');
  await mina.room.say('and another');
  await expect(mina.room.row('and another')).toHaveAttribute('data-state', 'pending');
  await mina.page.close();

  await madang.start();
  const tab = await mina.newTab();
  await tab.open(madang.origin);
  await expect(tab.row('one for later')).toHaveAttribute('data-state', 'settled');
  await expect(tab.row('and another')).toHaveAttribute('data-state', 'settled');
  await jun.room.live();
  await tab.saySettled('after');
  for (const room of [tab, jun.room]) {
    await expect(room.row('after')).toHaveCount(1);
    const texts = await room.rows.locator('.text').allInnerTexts();
    expect(texts.map((text) => text.trim())).toEqual(['one for later', 'and another', 'after']);
  }
});

test('a server killed in the middle loses nothing that it has acknowledged', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  mina.mayLoseTheServer();
  const texts = Array.from({ length: 20 }, (_, index) => `message ${index + 1}`);
  for (const text of texts) await mina.room.say(text);
  await expect(mina.room.row('message 20')).toHaveAttribute('data-state', 'settled');
  await madang.stop('SIGKILL');
  await madang.start();
  await mina.page.reload();
  await expect(mina.room.rows).toHaveCount(20);
  expect((await mina.room.rows.locator('.text').allInnerTexts()).map((text) => text.trim())).toEqual(texts);
});

test('the banner says since when, and can be told to try at once', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  mina.mayLoseTheServer();
  await madang.stop();
  await expect(mina.room.banner).toContainText(/\d{1,2}:\d{2}/);
  await madang.start();
  // By then the link may be back by itself, and the button gone.
  await mina.room.banner.getByRole('button', { name: 'Try now' }).click({ timeout: 5_000 }).catch(() => undefined);
  await mina.room.live();
  await expect(mina.room.banner).not.toBeVisible();
});

test('a server that takes its leave is called again when it asked to be, and no sooner', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  mina.mayComplain(/WebSocket connection to/);
  const wire = await Wire.of(mina.page);
  await mina.page.reload();
  await mina.room.live();
  const before = wire.connections;

  const told = Date.now();
  wire.tell('server.leaving', { back_in: 5_000 });
  await wire.cut();
  await expect(mina.room.banner).toContainText(/Trying again in [3-5] s/);
  // What else would make it hurry.
  await mina.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect(mina.room.banner).toContainText(/Trying again in [1-4] s/);
  expect(wire.connections).toBe(before);
  await mina.room.live();
  await expect(mina.room.banner).not.toBeVisible();
  expect(wire.connections).toBe(before + 1);
  expect(Date.now()).toBeGreaterThanOrEqual(told + 5_000);
});

test('a server that is restarted in good order says when to come back, and is heard', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  mina.mayLoseTheServer();
  let backIn = 0;
  let told = 0;
  const attempts: number[] = [];
  mina.page.on('websocket', (socket) => {
    attempts.push(Date.now());
    socket.on('framereceived', ({ payload }) => {
      const leaving = /"server\.leaving",\{"back_in":(\d+)/.exec(String(payload));
      if (leaving) [backIn, told] = [Number(leaving[1]), Date.now()];
    });
  });
  await mina.page.reload();
  await mina.room.live();

  const before = attempts.length;
  await madang.stop();
  await expect.poll(() => backIn).toBeGreaterThan(0);
  await mina.room.say('meanwhile');
  await madang.start();
  await expect(mina.room.row('meanwhile')).toHaveAttribute('data-state', 'settled', { timeout: 30_000 });
  expect(attempts.length).toBeGreaterThan(before);
  // The two clocks are one; only the news of both come here on ways of their own.
  expect(attempts[before] - told).toBeGreaterThanOrEqual(backIn - 100);
});

test('without WebSocket people talk all the same', async ({ newPerson }) => {
  const blocked = () => {
    const Real = window.WebSocket;
    // As with a proxy that knows no upgrades: the handshake gets another answer than it wants.
    window.WebSocket = class extends Real {
      constructor(url: string | URL, protocols?: string | string[]) {
        const elsewhere = new URL(url, window.location.href);
        elsewhere.pathname = '/there-is-no-websocket-here';
        super(elsewhere, protocols);
      }
    };
  };
  const mina = await newPerson('Mina', { initScript: blocked });
  mina.mayComplain(/WebSocket connection to/);
  const jun = await newPerson('Jun');
  await mina.room.saySettled('through polling');
  await expect(jun.room.row('through polling')).toHaveCount(1);
  await jun.room.saySettled('and back');
  await expect(mina.room.row('and back')).toHaveCount(1);
});

test('a draft per room survives a reload', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  await mina.room.create(madang.origin, 'Garden');
  await mina.room.live();
  await mina.room.composer.pressSequentially('about tulips');
  await mina.room.roomLink('lobby').click();
  await expect(mina.page).toHaveURL(`${madang.origin}/r/lobby`);
  await expect(mina.room.composer).toHaveValue('');
  await mina.room.composer.pressSequentially('about the lobby');

  await mina.page.reload();
  await expect(mina.room.composer).toHaveValue('about the lobby');
  await mina.room.live();
  await mina.room.roomLink('garden').click();
  await expect(mina.room.composer).toHaveValue('about tulips');
  await mina.room.composer.press('Enter');
  await expect(mina.room.row('about tulips')).toHaveAttribute('data-state', 'settled');
  await mina.page.reload();
  await mina.room.live();
  await expect(mina.room.composer).toHaveValue('');
});
