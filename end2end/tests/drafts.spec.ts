// Drafts: one that several tabs have is sent once.
import { expect, test, type Person } from './support/fixtures';
import type { RoomPage } from './support/chat';

/** Holds back that the page's database is open, until `diskAnswers` is called. */
function holdDisk(): void {
  const open = IDBFactory.prototype.open;
  const answered = new Promise<void>((resolve) => Object.assign(window, { diskAnswers: resolve }));
  IDBFactory.prototype.open = function (...name) {
    const request = open.apply(this, name);
    Object.defineProperty(request, 'onsuccess', {
      set: (heard: (event: Event) => void) =>
        request.addEventListener('success', (event) => void answered.then(() => heard.call(request, event))),
    });
    return request;
  };
}

async function letDiskAnswer(room: RoomPage): Promise<void> {
  await room.page.evaluate(() => (window as unknown as { diskAnswers: () => void }).diskAnswers());
}

/** A second tab, which begins with the draft that was typed in the first. */
async function withDraft(mina: Person, draft: string): Promise<RoomPage> {
  await mina.room.composer.pressSequentially(draft);
  const second = await mina.newTab();
  await second.openWithDraft(mina.madang.origin, draft);
  return second;
}

test('what is typed before the browser’s disk answers is kept all the same', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina', { initScript: holdDisk });
  await mina.room.composer.pressSequentially('half a thought');
  await letDiskAnswer(mina.room);
  const second = await mina.newTab();
  await expect(async () => {
    await second.open(madang.origin);
    await letDiskAnswer(second);
    await expect(second.composer).toHaveValue('half a thought', { timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
});

test('a draft that is sent in one tab is gone in the other', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const second = await withDraft(mina, 'see you at noon');
  await mina.room.composer.press('Enter');
  await expect(second.row('see you at noon')).toHaveAttribute('data-state', 'settled');
  await expect(second.composer).toHaveValue('');
  await second.composer.press('Enter');
  // What follows arrives behind anything that had been sent before it.
  await second.saySettled('or later');
  await expect(mina.room.row('or later')).toHaveCount(1);
  await expect(mina.room.row('see you at noon')).toHaveCount(1);
  await second.page.reload();
  await second.live();
  await expect(second.composer).toHaveValue('');
});

test('a draft that went on in one tab and was sent there is gone in the other', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const second = await withDraft(mina, 'see you');
  await mina.room.composer.pressSequentially(' at noon');
  await mina.room.composer.press('Enter');
  await expect(second.row('see you at noon')).toHaveAttribute('data-state', 'settled');
  await expect(second.composer).toHaveValue('');
});

test('a draft that was shortened in one tab and sent there is gone in the other', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const second = await withDraft(mina, 'see you at noon');
  for (let letters = ' at noon'.length; letters > 0; letters -= 1) await mina.room.composer.press('Backspace');
  await expect(second.composer).toHaveValue('see you');
  await mina.room.composer.press('Enter');
  await expect(second.row('see you')).toHaveAttribute('data-state', 'settled');
  await expect(second.composer).toHaveValue('');
});

test('a draft that went on in a copy leaves the words where they were typed', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const second = await withDraft(mina, 'see you');
  await second.composer.press('End');
  await second.composer.pressSequentially(' at noon');
  await second.composer.press('ControlOrMeta+A');
  await second.composer.press('Delete');
  await second.saySettled('something else');
  await expect(mina.room.row('something else')).toHaveCount(1);
  await expect(mina.room.composer).toHaveValue('see you');
  await mina.room.openWithDraft(mina.madang.origin, 'see you');
});

test('a draft that went on in the other tab stays there, also on the disk', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const second = await withDraft(mina, 'see you');
  await second.composer.press('End');
  await second.composer.pressSequentially(', all of you');
  await mina.room.composer.press('Enter');
  await expect(second.row('see you')).toHaveAttribute('data-state', 'settled');
  await expect(second.composer).toHaveValue('see you, all of you');
  await second.page.reload();
  await second.live();
  await expect(second.composer).toHaveValue('see you, all of you');
});

test('a draft of another room stays when the same words are said', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  await mina.room.create(madang.origin, 'Garden');
  await mina.room.live();
  await mina.room.composer.pressSequentially('hello');
  const second = await mina.newTab();
  await second.open(madang.origin);
  await second.live();
  await second.saySettled('hello');
  await mina.room.roomLink('lobby').click();
  await expect(mina.room.row('hello')).toHaveCount(1);
  await mina.room.roomLink('garden').click();
  await expect(mina.room.composer).toHaveValue('hello');
});

test('what was typed in a tab stays there after a look at another room, whatever another tab says', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  await mina.room.create(madang.origin, 'Garden');
  await mina.room.live();
  const second = await mina.newTab();
  await second.open(madang.origin, 'garden');
  await second.live();
  await mina.room.composer.pressSequentially('typed in this very tab');
  await mina.room.roomLink('lobby').click();
  await expect(mina.page.getByRole('heading', { level: 1, name: 'lobby' })).toBeVisible();
  await mina.room.roomLink('garden').click();
  await expect(mina.room.composer).toHaveValue('typed in this very tab');
  await second.saySettled('hi');
  await expect(mina.room.row('hi')).toHaveCount(1);
  await second.saySettled('and more');
  await expect(mina.room.row('and more')).toHaveCount(1);
  await expect(mina.room.composer).toHaveValue('typed in this very tab');
});

test('what was typed in a tab stays there after a reload, whatever another tab says', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  const second = await mina.newTab();
  await second.open(madang.origin);
  await second.live();
  await mina.room.composer.pressSequentially('typed in this very tab');
  await mina.room.openWithDraft(madang.origin, 'typed in this very tab');
  await second.saySettled('hi');
  await second.saySettled('and more');
  await expect(mina.room.row('and more')).toHaveCount(1);
  await expect(mina.room.composer).toHaveValue('typed in this very tab');
});
