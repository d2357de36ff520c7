// Edits in progress: what was typed is kept, whatever happens to its row, until it is saved or cancelled.
import { expect, test, type Person } from './support/fixtures';
import { escapeEndsInSafari, InputMethod } from './support/ime';
import { seed } from './support/seed';
import { Wire } from './support/wire';

const MOST_ROWS = 400;

/** Says something and begins to change it. */
async function beginToEdit(mina: Person): Promise<void> {
  await mina.room.saySettled('As it was');
  await mina.room.edit('As it was');
  await mina.room.editor.fill('Half a thought');
}

/** Begins to change what was said in the lobby, and goes to another room. */
async function beginToEditAndLookElsewhere(mina: Person): Promise<void> {
  await mina.room.create(mina.madang.origin, 'Garden');
  await mina.room.live();
  await mina.room.roomLink('lobby').click();
  await beginToEdit(mina);
  await mina.room.roomLink('garden').click();
  await expect(mina.page.getByRole('heading', { level: 1, name: 'Garden' })).toBeVisible();
}

async function lastSeq(mina: Person): Promise<number> {
  return Number(await mina.room.rows.last().getAttribute('data-seq'));
}

test('an edit stays while so much is said that its row would leave the page', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  await beginToEdit(mina);
  const edited = mina.room.rows.filter({ has: mina.page.locator('.editor') });
  const seq = Number(await edited.getAttribute('data-seq'));
  await seed(madang, 400);
  await expect.poll(() => lastSeq(mina)).toBeGreaterThanOrEqual(seq + 400);
  await mina.room.expectAtBottom();

  await expect(mina.room.editor).toHaveValue('Half a thought');
  await expect(mina.room.editor).toBeFocused();
  await expect(edited).toHaveAttribute('data-seq', String(seq));
  expect(await mina.room.rows.count()).toBeLessThanOrEqual(MOST_ROWS);
  // Most of what was said between the two is not drawn, until one goes there.
  const next = mina.room.timeline.locator(`[data-seq="${seq + 10}"]`);
  await expect(next).toHaveCount(0);
  await mina.room.editor.scrollIntoViewIfNeeded();
  await expect(next).toHaveCount(1);
  await expect(mina.room.editor).toHaveValue('Half a thought');

  await mina.room.editor.press('Enter');
  const row = mina.room.timeline.locator(`[data-seq="${seq}"]`);
  await expect(row).toContainText('Half a thought');
  await expect(row).toContainText('(edited)');

  // Saved, it goes with its neighbours.
  await mina.room.pill.click();
  await mina.room.expectAtBottom();
  await expect(row).toHaveCount(0);
});

test('an edit stays while one reads far back', async ({ newPerson, madang }) => {
  await seed(madang, 400);
  const mina = await newPerson('Mina');
  await beginToEdit(mina);
  const first = () => mina.room.rows.first().getAttribute('data-seq').then(Number);
  const begun = await first();
  await expect
    .poll(async () => {
      await mina.room.timeline.evaluate((box) => (box.scrollTop = 0));
      return first();
    })
    .toBeLessThanOrEqual(begun - 200);
  await expect(mina.room.editor).toHaveValue('Half a thought');
  await mina.room.pill.click();
  await mina.room.expectAtBottom();
  await expect(mina.room.editor).toHaveValue('Half a thought');
  await mina.room.editor.press('Enter');
  await expect(mina.room.rows.last()).toContainText('Half a thought');
  await expect(mina.room.rows.last()).toContainText('(edited)');
});

test('what is typed while an edit is being saved is not lost', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const wire = await Wire.of(mina.page);
  await mina.page.reload();
  await mina.room.live();
  await beginToEdit(mina);
  // The acknowledgement is held back.
  let held: string | undefined;
  let acknowledged = '';
  wire.fromPage = (frame) => {
    acknowledged = /^42\/chat,(\d+)\["message\.edit"/.exec(frame)?.[1] ?? acknowledged;
    return frame;
  };
  wire.fromServer = (frame) => {
    if (!acknowledged || !frame.startsWith(`43/chat,${acknowledged}[`)) return frame;
    held = frame;
    return null;
  };
  await mina.room.editor.press('Enter');
  await expect.poll(() => held).toBeDefined();
  await mina.room.editor.pressSequentially(', and the other half');
  wire.fromServer = (frame) => frame;
  wire.send(held ?? '');
  await expect(mina.room.editor).toHaveValue('Half a thought, and the other half');
  await expect(mina.page.locator('.editor .button.primary')).toBeEnabled();
  await expect(mina.room.editor).toHaveValue('Half a thought, and the other half');
  await mina.room.editor.press('Enter');
  await expect(mina.room.row('Half a thought, and the other half')).toContainText('(edited)');
  await expect(mina.room.editor).toHaveCount(0);
});

test('an edit is there again after so much was said meanwhile that its message is not loaded', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  await beginToEditAndLookElsewhere(mina);
  await seed(madang, 200);
  await mina.room.roomLink('lobby').click();
  await expect(mina.room.editor).toHaveValue('Half a thought');
  await mina.room.editor.press('Enter');
  await expect(mina.room.editor).toHaveCount(0);
  // Saved: so it stands where one reads back to.
  await expect(async () => {
    await mina.room.timeline.evaluate((box) => (box.scrollTop = 0));
    await expect(mina.room.row('Half a thought')).toContainText('(edited)', { timeout: 500 });
  }).toPass();
  await expect(mina.room.row('As it was')).toHaveCount(0);
});

test('an edit is there again after a look at another room, and does not take the focus', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  await beginToEditAndLookElsewhere(mina);
  await expect(mina.room.editor).toHaveCount(0);
  await mina.room.roomLink('lobby').click();
  await expect(mina.room.editor).toHaveValue('Half a thought');
  await expect(mina.room.editor).not.toBeFocused();
  await mina.room.editor.press('Escape');
  await expect(mina.room.row('As it was')).toHaveCount(1);
  // Given up, it begins anew.
  await mina.room.edit('As it was');
  await expect(mina.room.editor).toHaveValue('As it was');
});

test('an edit of a message that is deleted in another tab keeps what was typed', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  await beginToEdit(mina);
  const tab = await mina.newTab();
  await tab.open(madang.origin);
  await tab.live();
  await tab.delete(tab.row('As it was'));
  await expect(tab.rows.locator('.text.deleted')).toHaveCount(1);
  await expect(mina.room.timeline.getByRole('alert')).toHaveText('The message has been deleted.');
  await expect(mina.room.editor).toHaveValue('Half a thought');
  await expect(mina.page.getByRole('button', { name: 'Save' })).toBeDisabled();
  await mina.page.getByRole('button', { name: 'Cancel' }).click();
  await expect(mina.room.rows.locator('.text.deleted')).toHaveCount(1);
});

test('Escape that ends a composition does not give up the edit: Safari’s order', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  await beginToEdit(mina);
  await escapeEndsInSafari(mina.room.editor);
  await expect(mina.room.editor).toHaveValue('Half a thought');
  await mina.room.editor.press('Escape');
  await expect(mina.room.editor).toHaveCount(0);
});

for (const platform of ['Windows', 'macOS'] as const) {
  test(`Escape that ends a composition does not give up the edit: ${platform}`, async ({ newPerson }) => {
    const mina = await newPerson('Mina');
    await beginToEdit(mina);
    const ime = await InputMethod.on(mina.page, platform);
    await ime.compose(['ｎ', 'に', 'にほ']);
    await ime.escapeTakesBack();
    await expect(mina.room.editor).toHaveValue('Half a thought');
    await mina.room.editor.press('Escape');
    await expect(mina.room.editor).toHaveCount(0);
  });
}
