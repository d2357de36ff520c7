// What has been said is kept until the server has it, whatever becomes of the tab, the browser or the link, and is sent
// once.
import type { Page } from '@playwright/test';

import { JoinPage, RoomPage } from './support/chat';
import { expect, type Person, test } from './support/fixtures';
import { withProfile } from './support/profile';
import { posts, Wire } from './support/wire';

/** How many unsent messages the browser has on its disk. */
async function kept(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((found, failed) => {
        const opening = indexedDB.open('madang');
        opening.onerror = () => failed(opening.error);
        opening.onsuccess = () => {
          const count = opening.result.transaction('outbox').objectStore('outbox').count();
          count.onsuccess = () => {
            opening.result.close();
            found(count.result);
          };
        };
      }),
  );
}

/** Says something that can't be sent yet, and waits until it is on the disk. */
async function sayForLater(room: RoomPage, text: string): Promise<void> {
  const before = await kept(room.page);
  await room.say(text);
  await expect(room.row(text)).toHaveAttribute('data-state', 'pending');
  await expect.poll(() => kept(room.page)).toBe(before + 1);
}

async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  // The navigation has no end.
  page.goto('chrome://crash').catch(() => undefined);
  await crashed;
}

async function texts(room: RoomPage): Promise<string[]> {
  return (await room.rows.locator('.text').allInnerTexts()).map((text) => text.trim());
}

async function opened(person: Person, room: RoomPage): Promise<void> {
  await room.open(person.madang.origin);
  await room.live();
}

test('a tab that crashes loses nothing: what was said comes back with the next one', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  mina.mayLoseTheServer();
  await madang.stop();
  await sayForLater(mina.room, 'said before the crash');
  await mina.room.composer.pressSequentially('half a thou');
  await crash(mina.page);

  await madang.start();
  const tab = await mina.newTab();
  await tab.open(madang.origin);
  await expect(tab.row('said before the crash')).toHaveAttribute('data-state', 'settled');
  await expect(tab.composer).toHaveValue('half a thou');
  expect(await texts(tab)).toEqual(['said before the crash']);
  await expect.poll(() => kept(tab.page)).toBe(0);
});

test('a browser that is closed for the night sends in the morning', async ({ madang }) => {
  await withProfile(async (launch) => {
    let browser = await launch();
    let page = await browser.newPage();
    await new JoinPage(page).open(madang.origin);
    await new JoinPage(page).join('Mina');
    const evening = new RoomPage(page);
    await evening.live();
    const [cookie] = (await browser.cookies()).filter((cookie) => cookie.httpOnly);
    await madang.stop();
    await sayForLater(evening, 'one for tomorrow');
    await sayForLater(evening, 'and another');
    await browser.close();

    await madang.start();
    browser = await launch();
    // The session's own cookie ends with the browser.
    await browser.addCookies([cookie]);
    page = await browser.newPage();
    const morning = new RoomPage(page);
    await morning.open(madang.origin);
    await expect(morning.row('and another')).toHaveAttribute('data-state', 'settled');
    expect(await texts(morning)).toEqual(['one for tomorrow', 'and another']);
    await browser.close();
  });
});

test('two tabs keep one outbox: each message goes out once, in the order in which all were said', async ({
  newPerson,
  madang,
}) => {
  const mina = await newPerson('Mina');
  mina.mayLoseTheServer();
  const second = await mina.newTab();
  const sent = [posts(mina.page), posts(second.page)];
  await opened(mina, mina.room);
  await opened(mina, second);

  await madang.stop();
  await sayForLater(mina.room, 'one');
  await sayForLater(second, 'two');
  await sayForLater(mina.room, 'three');
  for (const room of [mina.room, second]) {
    await expect(room.row('three')).toHaveAttribute('data-state', 'pending');
    expect(await texts(room)).toEqual(['one', 'two', 'three']);
  }

  await madang.start();
  for (const room of [mina.room, second]) {
    for (const text of ['one', 'two', 'three']) {
      await expect(room.row(text)).toHaveAttribute('data-state', 'settled', { timeout: 30_000 });
    }
    expect(await texts(room)).toEqual(['one', 'two', 'three']);
  }
  // Both are back, and neither has anything left to say.
  for (const room of [mina.room, second]) await room.live();
  expect(sent.flat()).toHaveLength(3);
  expect(new Set(sent.flat()).size).toBe(3);
  await expect.poll(() => kept(second.page)).toBe(0);
});

test('what a tab said that has crashed is sent by one that is still open', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  mina.mayLoseTheServer();
  const second = await mina.newTab();
  await opened(mina, second);
  await madang.stop();
  await sayForLater(mina.room, 'from the tab that crashes');
  await expect(second.row('from the tab that crashes')).toHaveAttribute('data-state', 'pending');
  await crash(mina.page);
  await madang.start();
  await expect(second.row('from the tab that crashes')).toHaveAttribute('data-state', 'settled', { timeout: 30_000 });
});

test('a tab that crashes in the midst of sending lets the other one go ahead', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  mina.mayLoseTheServer();
  const second = await mina.newTab();
  await opened(mina, second);
  const wire = await Wire.of(mina.page);
  await opened(mina, mina.room);
  // What it says reaches nobody, and it goes on waiting for the answer.
  let swallowed = 0;
  wire.fromPage = (frame) => {
    if (!frame.includes('"message.post"')) return frame;
    swallowed += 1;
    return null;
  };
  await sayForLater(mina.room, 'from the first');
  await expect.poll(() => swallowed).toBe(1);
  await second.say('from the second');
  await expect(second.row('from the second')).toHaveAttribute('data-state', 'pending');
  await expect(second.row('from the first')).toHaveAttribute('data-state', 'pending');

  await crash(mina.page);
  for (const text of ['from the first', 'from the second']) {
    await expect(second.row(text)).toHaveAttribute('data-state', 'settled');
  }
  expect(await texts(second)).toEqual(['from the first', 'from the second']);
});

test('a tab that has its turn and does not end it keeps the others waiting, but not for ever', async ({ newPerson }) => {
  const mina = await newPerson('Mina', {
    // Half a minute is too long for a test.
    initScript: () => {
      const timeout = AbortSignal.timeout.bind(AbortSignal);
      AbortSignal.timeout = (ms) => timeout(ms / 20);
    },
  });
  const name = `madang.outbox.${await mina.room.member('Mina').getAttribute('data-user')}`;
  const stuck = await mina.newTab();
  await stuck.open(mina.madang.origin);
  await stuck.page.evaluate(
    (name) =>
      new Promise<void>((granted) => {
        void navigator.locks.request(name, () => {
          granted();
          return new Promise(() => undefined);
        });
      }),
    name,
  );
  await mina.room.saySettled('all the same');
  const { held } = await mina.page.evaluate(() => navigator.locks.query());
  expect(held?.map((lock) => lock.name)).toContain(name);
});

test('where the browser has no locks, what is left behind is sent all the same', async ({ newPerson, madang }) => {
  // As over plain http in a local network.
  const mina = await newPerson('Mina', {
    initScript: () => Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined }),
  });
  mina.mayLoseTheServer();
  expect(await mina.page.evaluate(() => navigator.locks as unknown)).toBeUndefined();
  await mina.room.saySettled('with the server');
  await madang.stop();
  await sayForLater(mina.room, 'without it');
  await mina.page.close();
  await madang.start();
  const tab = await mina.newTab();
  await tab.open(madang.origin);
  await expect(tab.row('without it')).toHaveAttribute('data-state', 'settled');
  expect(await texts(tab)).toEqual(['with the server', 'without it']);
});

test('where there is no IndexedDB the page’s own memory does, and a reload loses nothing', async ({ newPerson }) => {
  const mina = await newPerson('Mina', {
    initScript: () =>
      Object.defineProperty(window, 'indexedDB', {
        get: () => {
          throw new DOMException('It is forbidden here.', 'SecurityError');
        },
      }),
  });
  mina.mayLoseTheServer();
  mina.mayComplain(/this browser keeps nothing/);
  const wire = await Wire.of(mina.page);
  await opened(mina, mina.room);
  wire.fromPage = (frame) => (frame.includes('"message.post"') ? null : frame);
  await mina.room.say('kept in memory');
  await expect(mina.room.row('kept in memory')).toHaveAttribute('data-state', 'pending');
  await mina.room.composer.pressSequentially('and this');
  await expect(mina.room.progress).toHaveAttribute('title', /can’t store messages/);

  wire.fromPage = (frame) => frame;
  await mina.page.reload();
  await expect(mina.room.row('kept in memory')).toHaveAttribute('data-state', 'settled');
  await expect(mina.room.composer).toHaveValue('and this');
});

test('what an earlier version has kept is taken over', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const user = Number(await mina.room.member('Mina').getAttribute('data-user'));
  await mina.page.evaluate((user) => {
    const client_id = '01890a5d-ac96-774b-bcce-b302099a8057';
    const unsent = { client_id, room: 1, text: 'from long ago', composed_at: Date.now() - 60_000, refused: null };
    localStorage.setItem('madang.outbox', JSON.stringify([[user, [unsent]]]));
    localStorage.setItem('madang.draft.1', 'half a sentence');
  }, user);
  await mina.page.reload();
  await expect(mina.room.row('from long ago')).toHaveAttribute('data-state', 'settled');
  await expect(mina.room.composer).toHaveValue('half a sentence');
  await expect
    .poll(() => mina.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('madang.'))))
    .toEqual([]);
  await mina.page.reload();
  await expect(mina.room.composer).toHaveValue('half a sentence');
  await expect(mina.room.row('from long ago')).toHaveCount(1);
});

test('a page that is left in the instant of the key stroke has kept it', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  mina.mayLoseTheServer();
  await madang.stop();
  await expect(mina.room.banner).toBeVisible();
  // The server is needed for the next page only: it is there again before the browser asks for it.
  const composer = await mina.room.composer.elementHandle();
  await madang.start();
  await Promise.all([
    mina.page.waitForEvent('load'),
    composer?.evaluate((area) => {
      (area as HTMLTextAreaElement).value = 'the very last words';
      area.dispatchEvent(new InputEvent('input', { bubbles: true }));
      location.reload();
    }),
  ]);
  await expect(mina.room.composer).toHaveValue('the very last words');
});

test('who comes to this browser next sees neither draft nor outbox of who left', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  mina.mayLoseTheServer();
  await madang.stop();
  await sayForLater(mina.room, 'mine alone');
  await mina.room.composer.pressSequentially('my draft');
  await madang.start();
  await mina.context.clearCookies();
  await mina.joinPage.open(madang.origin);
  await mina.joinPage.join('Jun');
  await mina.room.live();
  await mina.room.saySettled('I am Jun');
  expect(await texts(mina.room)).toEqual(['I am Jun']);
  await expect(mina.room.composer).toHaveValue('');
  // It is kept for who said it, in case that is only a session that ended.
  expect(await kept(mina.page)).toBe(1);
});

test('a refusal says why; Retry sends again, and Discard lets go in all tabs', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const second = await mina.newTab();
  await opened(mina, second);
  const wire = await Wire.of(mina.page);
  await opened(mina, mina.room);
  const refusal = { fault: { code: 'not_a_member', message: 'no' } };
  wire.answer('message.post', [refusal, refusal, refusal]);

  await mina.room.say('again');
  const row = mina.room.row('again');
  await expect(row).toHaveAttribute('data-state', 'failed');
  await expect(row.getByRole('alert')).toHaveText('Only members of the room can do this.');
  // It stays so in other tabs and after a reload.
  await expect(second.row('again')).toHaveAttribute('data-state', 'failed');
  await mina.page.reload();
  await expect(row).toHaveAttribute('data-state', 'failed');
  await row.getByRole('button', { name: 'Retry' }).click();
  await expect(row.getByRole('alert')).toBeVisible();
  wire.fromPage = (frame) => frame;
  await row.getByRole('button', { name: 'Retry' }).click();
  await expect(row).toHaveAttribute('data-state', 'settled');

  wire.answer('message.post', [refusal]);
  await mina.room.say('never mind');
  await expect(second.row('never mind')).toHaveAttribute('data-state', 'failed');
  await second.row('never mind').getByRole('button', { name: 'Discard' }).click();
  for (const room of [mina.room, second]) await expect(room.row('never mind')).toHaveCount(0);
  await expect.poll(() => kept(second.page)).toBe(0);
});

test('who writes too often is sent for later, by itself and when the server said', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const wire = await Wire.of(mina.page);
  await opened(mina, mina.room);
  wire.answer('message.post', [{ fault: { code: 'too_often', message: 'later', again_in: 2_000 } }]);
  const sent = posts(mina.page);
  const before = await mina.page.evaluate(() => Date.now());
  await mina.room.say('patience');
  await expect(mina.room.row('patience')).toHaveAttribute('data-state', 'pending');
  await mina.room.say('and more of it');
  await expect(mina.room.row('and more of it')).toHaveAttribute('data-state', 'settled');
  expect(await mina.page.evaluate(() => Date.now())).toBeGreaterThanOrEqual(before + 2_000);
  expect(await texts(mina.room)).toEqual(['patience', 'and more of it']);
  expect(sent.length).toBeLessThanOrEqual(3);
});

test('who says much at once gets all of it through, in order', async ({ newPerson, madang }) => {
  await madang.stop();
  // As many at once as one types in a moment, even on a slow machine.
  await madang.start(['--limits', '0.2']);
  const mina = await newPerson('Mina');
  const refused: string[] = [];
  mina.page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (String(payload).includes('"too_often"')) refused.push(String(payload));
    }),
  );
  await opened(mina, mina.room);
  const said = Array.from({ length: 14 }, (_, index) => `line ${index + 1}`);
  for (const text of said) await mina.room.say(text);
  await expect(mina.room.row('line 14')).toHaveAttribute('data-state', 'settled', { timeout: 30_000 });
  expect(await texts(mina.room)).toEqual(said);
  // Else this has shown nothing.
  expect(refused.length).toBeGreaterThan(0);
});

for (const [locale, sentence] of [
  ['en-US', 'Too many requests. Try again in 90 s.'],
  ['ko-KR', '요청이 너무 많아요. 90초 뒤에 다시 해 주세요.'],
] as const) {
  test(`what was done too often says when it can be done again, ${locale}`, async ({ newPerson }) => {
    const mina = await newPerson('Mina', { locale });
    const wire = await Wire.of(mina.page);
    await opened(mina, mina.room);
    await mina.room.saySettled('one');
    wire.answer('message.delete', [{ fault: { code: 'too_often', message: 'later', again_in: 90_000 } }]);
    const row = mina.room.row('one');
    await row.hover();
    await row.locator('form button').click();
    await mina.page.getByRole('dialog').locator('button').last().click();
    await expect(row.getByRole('alert')).toHaveText(sentence);
  });
}
