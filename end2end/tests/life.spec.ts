// The page comes to life whatever has been done to it before its Wasm came; and where it can't, it says so and can be
// used as the plain page that it is.
import { type Page } from '@playwright/test';

import { expect, test, type Person } from './support/fixtures';
import { TOUCHES } from './support/touches';

/** Holds back a page's Wasm until it is released. */
async function holdWasm(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/*.wasm', async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** That news comes, that Enter sends, and that what was typed before is still there. */
async function expectLive(mina: Person, jun: Person, typed: string): Promise<void> {
  await mina.room.live();
  await expect(mina.page.locator('#not-live')).toHaveCount(0);
  await expect(mina.room.composer).toHaveValue(typed);
  await jun.room.saySettled('news');
  await expect(mina.room.row('news')).toHaveCount(1);
  await mina.room.composer.press('End');
  await mina.room.composer.pressSequentially(', and sent');
  await mina.room.composer.press('Enter');
  await expect(mina.room.row(`${typed}, and sent`)).toHaveAttribute('data-state', 'settled');
  await expect(mina.room.composer).toHaveValue('');
  await expect(jun.room.row(`${typed}, and sent`)).toHaveCount(1);
}

/** That the page is a plain one: a sentence, Enter that breaks the line, and a form that posts. */
async function expectPlain(mina: Person, jun: Person): Promise<void> {
  await expect(mina.page.locator('#not-live')).toContainText('does not update by itself');
  await expect(mina.page.locator('body')).not.toHaveAttribute('data-live', 'true');
  await mina.room.composer.fill('one line');
  await mina.room.composer.press('Enter');
  await mina.room.composer.pressSequentially('another');
  await expect(mina.room.composer).toHaveValue('one line\nanother');
  await mina.room.send.click();
  for (const { room } of [jun, mina]) await expect(room.rows.filter({ hasText: /one line\s+another/ })).toHaveCount(1);
}

for (const { name, redrawn, touch } of TOUCHES) {
  test(`${name}: the page comes to life`, async ({ newPerson, madang }) => {
    const jun = await newPerson('Jun');
    await jun.room.saySettled('said before, call 02-123-4567');
    await jun.room.saySettled('and https://example.com/');
    const mina = await newPerson('Mina');
    const release = await holdWasm(mina.page);
    await mina.room.open(madang.origin);
    await mina.room.composer.fill('typed early');
    expect(await mina.page.evaluate(touch)).toBeGreaterThan(0);
    release();
    await expectLive(mina, jun, 'typed early');
    const drawn = mina.page.locator('body[data-drawn="anew"]');
    await expect(drawn).toHaveCount(redrawn ? 1 : 0);
    await expect(mina.page.locator('.page')).toHaveCount(1);
  });
}

test('a page that is drawn anew keeps the focus and what is selected', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  const release = await holdWasm(mina.page);
  await mina.room.open(madang.origin);
  await mina.room.composer.fill('one two three');
  await mina.room.composer.evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(4, 7));
  await mina.page.evaluate(() => document.querySelector('aside')!.remove());
  release();
  await mina.room.live();
  await expect(mina.page.locator('body')).toHaveAttribute('data-drawn', 'anew');
  await mina.page.keyboard.type('2');
  await expect(mina.room.composer).toHaveValue('one 2 three');
});

test('what an extension has put beside the page stays when it is drawn anew', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  const release = await holdWasm(mina.page);
  await mina.room.open(madang.origin);
  await mina.page.evaluate(() => {
    document.body.prepend(Object.assign(document.createElement('div'), { id: 'bar' }));
    document.body.append(Object.assign(document.createElement('div'), { id: 'panel' }));
  });
  release();
  await mina.room.live();
  await expect(mina.page.locator('body')).toHaveAttribute('data-drawn', 'anew');
  expect(await mina.page.evaluate(() => [...document.body.children].map((child) => child.id || child.className))).toEqual(
    expect.arrayContaining(['bar', 'page', 'panel']),
  );
});

test('a form sent before the page is alive arrives, and the next page comes to life', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  const release = await holdWasm(mina.page);
  await mina.room.open(madang.origin);
  await mina.room.composer.fill('sent early');
  await mina.room.send.click();
  await expect(jun.room.row('sent early')).toHaveCount(1);
  release();
  await mina.room.live();
  await expect(mina.room.row('sent early')).toHaveCount(1);
  await mina.room.saySettled('and later');
});

test('the page to join and the page for a new room are drawn anew like a room', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina', { joined: false });
  const release = await holdWasm(mina.page);
  const addComment = () => document.querySelector('form')!.prepend(document.createComment('an extension was here'));
  await mina.joinPage.open(madang.origin);
  await mina.page.evaluate(addComment);
  await mina.joinPage.name.fill('Mina');
  release();
  await expect(mina.page.locator('body')).toHaveAttribute('data-drawn', 'anew');
  await expect(mina.joinPage.name).toHaveValue('Mina');
  await mina.joinPage.button.click();
  await mina.room.live();

  const again = await holdWasm(mina.page);
  await mina.page.goto(`${madang.origin}/rooms/new`);
  await mina.page.locator('input[name="name"]').fill('Garden');
  await mina.page.evaluate(addComment);
  again();
  await expect(mina.page.locator('body')).toHaveAttribute('data-drawn', 'anew');
  await expect(mina.page.locator('input[name="name"]')).toHaveValue('Garden');
  await mina.page.locator('form[action="/rooms"] button').click();
  await expect(mina.page).toHaveURL(`${madang.origin}/r/garden`);
  await mina.room.live();
});

test('hydration that fails midway ends in a page drawn anew', async ({ newPerson, madang }) => {
  const jun = await newPerson('Jun');
  const mina = await newPerson('Mina', {
    // The walk from node to node is led astray once, on its way to an element, after some listeners are there: where a
    // text or a marker is expected, a comment would do.
    initScript: () => {
      const { get } = Object.getOwnPropertyDescriptor(Node.prototype, 'nextSibling')!;
      let [calls, led] = [0, false];
      const astray = function (this: Node) {
        calls += 1;
        const next = get!.call(this);
        if (led || calls < 60 || !(next instanceof Element)) return next;
        led = true;
        return document.createComment('astray');
      };
      Object.defineProperty(Node.prototype, 'nextSibling', { configurable: true, get: astray });
    },
  });
  mina.mayComplain(/unreachable|drawn anew|panicked|something else/);
  await mina.room.open(madang.origin);
  await expect(mina.page.locator('body')).toHaveAttribute('data-drawn', 'anew');
  await mina.room.live();
  await mina.room.composer.fill('typed');
  await expectLive(mina, jun, 'typed');
  await expect(jun.room.member('Mina')).toHaveCount(1);
});

test('a page whose Wasm fails always says so, and its forms work', async ({ newPerson }) => {
  const jun = await newPerson('Jun');
  const mina = await newPerson('Mina', { joined: false });
  mina.mayComplain(/unreachable|panicked|brought to life|drawn anew|something else|well-formed/);
  await mina.page.addInitScript(() => {
    document.createElement = () => {
      throw new Error('no elements today');
    };
    Object.defineProperty(Node.prototype, 'firstChild', { get: () => null });
  });
  await mina.page.reload();
  await mina.joinPage.join('Mina');
  await expectPlain(mina, jun);
  await jun.room.saySettled('an answer');
  await mina.page.locator('#not-live a').click();
  await expect(mina.room.row('an answer')).toHaveCount(1);
  // Nothing of what has failed may come between a link and its page.
  await mina.room.rooms.locator('a[href="/rooms/new"]').click();
  await expect(mina.page.locator('form[action="/rooms"]')).toBeVisible();
});

for (const [what, body] of [
  ['is broken', Buffer.from('this is no Wasm')],
  ['is not the page’s', Buffer.from('0061736d01000000', 'hex')],
  ['does not come', undefined],
] as const) {
  test(`a page whose Wasm ${what} says so, and its forms work`, async ({ newPerson, madang }) => {
    const jun = await newPerson('Jun');
    const mina = await newPerson('Mina');
    mina.mayComplain(/brought to life|Failed to load resource|WebAssembly|preload|MIME/);
    await mina.page.route('**/*.wasm', (route) =>
      body ? route.fulfill({ contentType: 'application/wasm', body }) : route.abort(),
    );
    await mina.room.open(madang.origin);
    await expectPlain(mina, jun);
  });
}

test('a page whose Wasm is long in coming says so, and no more once it is there', async ({ newPerson, madang }) => {
  const jun = await newPerson('Jun');
  const mina = await newPerson('Mina');
  const release = await holdWasm(mina.page);
  await mina.page.clock.install();
  await mina.room.open(madang.origin);
  await mina.room.composer.fill('typed early');
  await expect(mina.page.locator('#not-live')).toHaveCount(0);
  await mina.page.clock.runFor(10_000);
  await expect(mina.page.locator('#not-live')).toContainText('does not update by itself');
  await mina.page.clock.resume();
  release();
  await expectLive(mina, jun, 'typed early');
  await expect(mina.page.locator('body[data-drawn="anew"]')).toHaveCount(0);
});

test('what a page without Wasm has posted is not offered again as a draft', async ({ newPerson, madang }) => {
  const jun = await newPerson('Jun');
  const mina = await newPerson('Mina');
  await mina.room.composer.pressSequentially('said in the end');
  await mina.room.openWithDraft(madang.origin, 'said in the end');
  mina.mayComplain(/unreachable|panicked|brought to life|well-formed|null function|closure invoked/);
  await mina.page.evaluate(() => {
    Element.prototype.setAttribute = () => {
      throw new Error('no attributes any more');
    };
  });
  await jun.room.saySettled('the straw');
  await expect(mina.page.locator('#not-live')).toBeVisible();
  await mina.room.send.click();
  await mina.room.live();
  await expect(mina.room.row('said in the end')).toHaveCount(1);
  await expect(mina.room.composer).toHaveValue('');
  // A draft that comes after it is one.
  await mina.room.composer.pressSequentially('and then');
  await mina.room.openWithDraft(madang.origin, 'and then');
});

test('a page that was long in coming to life and then panics says so again', async ({ newPerson, madang }) => {
  const jun = await newPerson('Jun');
  const mina = await newPerson('Mina');
  const release = await holdWasm(mina.page);
  await mina.page.clock.install();
  await mina.room.open(madang.origin);
  await mina.page.clock.runFor(10_000);
  await expect(mina.page.locator('#not-live')).toHaveCount(1);
  await mina.page.clock.resume();
  release();
  await mina.room.live();
  await expect(mina.page.locator('#not-live')).toHaveCount(0);
  mina.mayComplain(/unreachable|panicked|brought to life|well-formed|null function|closure invoked/);
  await mina.page.evaluate(() => {
    Element.prototype.setAttribute = () => {
      throw new Error('no attributes any more');
    };
  });
  await jun.room.saySettled('the straw');
  await expect(mina.page.locator('body')).toHaveAttribute('data-live', 'false');
  await expect(mina.page.locator('#not-live')).toHaveCount(1);
});

test('a draft that a page without Wasm never showed stays when something else is posted', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  await mina.room.composer.pressSequentially('a long thought');
  await mina.room.openWithDraft(madang.origin, 'a long thought');
  mina.mayComplain(/brought to life|Failed to load resource|preload/);
  await mina.page.route('**/*.wasm', (route) => route.abort());
  await mina.room.open(madang.origin);
  await expect(mina.page.locator('#not-live')).toBeVisible();
  await expect(mina.room.composer).toHaveValue('');
  await mina.room.composer.fill('hello');
  await mina.page.unroute('**/*.wasm');
  await mina.room.send.click();
  await mina.room.live();
  await expect(mina.room.row('hello')).toHaveCount(1);
  await expect(mina.room.composer).toHaveValue('a long thought');
});

test('a browser without WebAssembly says so, and its forms work', async ({ newPerson }) => {
  const jun = await newPerson('Jun');
  const mina = await newPerson('Mina', { joined: false });
  mina.mayComplain(/brought to life|preload/);
  // As in iOS's lockdown mode.
  await mina.page.addInitScript(() => Reflect.deleteProperty(window, 'WebAssembly'));
  await mina.page.reload();
  await mina.joinPage.join('Mina');
  await expectPlain(mina, jun);
});

test('a panic while the page is alive is said, and the forms work', async ({ newPerson, madang }) => {
  const jun = await newPerson('Jun');
  const mina = await newPerson('Mina');
  await mina.room.create(madang.origin, 'Garden');
  await mina.room.roomLink('lobby').click();
  await expect(mina.page.getByRole('heading', { level: 1, name: 'lobby' })).toBeVisible();
  await expect(mina.room.composer).toBeVisible();
  await mina.room.live();
  mina.mayComplain(/unreachable|panicked|brought to life|well-formed|null function|closure invoked/);
  await mina.page.evaluate(() => {
    Element.prototype.setAttribute = () => {
      throw new Error('no attributes any more');
    };
  });
  await jun.room.saySettled('the straw');
  await expectPlain(mina, jun);
  // The plain form led to a new page, which lives.
  await mina.room.live();
  await expect(mina.page.locator('#not-live')).toHaveCount(0);
  await mina.room.saySettled('alive again');
});

test('with a translator at work, news, edits and rooms go on', async ({ newPerson, madang }) => {
  const jun = await newPerson('Jun');
  const mina = await newPerson('Mina');
  await mina.room.create(madang.origin, 'Garden');
  await mina.room.roomLink('lobby').click();
  await mina.room.live();
  expect(await mina.page.evaluate(TOUCHES[0].touch)).toBeGreaterThan(0);
  await jun.room.saySettled('first');
  await expect(mina.room.row('first')).toHaveCount(1);
  await jun.room.act(jun.room.row('first'), 'Edit');
  await jun.page.locator('#timeline textarea').fill('second');
  await jun.page.locator('#timeline textarea').press('Enter');
  await expect(mina.room.row('second')).toHaveCount(1);
  await jun.room.composer.pressSequentially('hm');
  await expect(mina.room.typing).toContainText('Jun');
  await jun.room.composer.fill('');
  await expect(mina.room.typing).not.toContainText('Jun');
  await mina.room.roomLink('garden').click();
  await mina.room.saySettled('here');
  await jun.room.saySettled('elsewhere');
  await expect(mina.room.unread('lobby')).toContainText('1');
  await jun.room.saySettled('again');
  await expect(mina.room.unread('lobby')).toContainText('2');
  await mina.room.roomLink('lobby').click();
  await expect(mina.room.row('again')).toHaveCount(1);
  await expect(mina.room.unread('lobby')).toHaveCount(0);
  await mina.room.live();
});
