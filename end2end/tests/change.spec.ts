// Editing and deleting one's own messages.
import { expect, test } from './support/fixtures';

test('an edit shows in the other browser, marked as such', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  await mina.room.saySettled('Helo');
  await expect(jun.room.row('Helo')).toHaveCount(1);

  await mina.room.act(mina.room.row('Helo'), 'Edit');
  const box = mina.page.getByRole('textbox', { name: 'Edit message' });
  await expect(box).toBeFocused();
  await expect(box).toHaveValue('Helo');
  await box.fill('Hello');
  await box.press('Enter');

  for (const person of [mina, jun]) {
    await expect(person.room.rows).toHaveCount(1);
    await expect(person.room.rows).toContainText('Hello');
    await expect(person.room.rows).toContainText('(edited)');
    await expect(person.room.rows).not.toContainText('Helo (');
  }
  await jun.page.reload();
  await expect(jun.room.rows).toContainText('(edited)');
});

test('Escape gives up an edit', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  await mina.room.saySettled('As it was');
  await mina.room.act(mina.room.row('As it was'), 'Edit');
  const box = mina.page.getByRole('textbox', { name: 'Edit message' });
  await box.fill('Something else');
  await box.press('Escape');
  await expect(box).toHaveCount(0);
  await expect(mina.room.row('As it was')).toHaveCount(1);
  await expect(mina.room.rows).not.toContainText('(edited)');
});

test('a deleted message leaves a tombstone, and its text is gone', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  await mina.room.saySettled('I regret this');
  await mina.room.saySettled('But not this');
  await expect(jun.room.row('I regret this')).toHaveCount(1);

  await mina.room.delete(mina.room.row('I regret this'));
  for (const person of [mina, jun]) {
    await expect(person.room.rows).toHaveCount(2);
    await expect(person.room.rows.first().locator('.text.deleted')).toHaveText('This message was deleted');
    await expect(person.room.row('But not this')).toHaveCount(1);
  }
  const html = await (await jun.context.request.get(`${madang.origin}/r/lobby`)).text();
  expect(html).toContain('But not this');
  expect(html).not.toContain('I regret this');
});

test('other people’s messages have no buttons', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  await mina.room.saySettled('Mine');
  await expect(mina.room.row('Mine').getByRole('button', { name: 'Delete' })).toHaveCount(1);
  await expect(jun.room.row('Mine')).toHaveCount(1);
  await expect(jun.room.row('Mine').getByRole('button')).toHaveCount(0);
});

test('the buttons are reached by keyboard', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  await mina.room.saySettled('Mine');
  const edit = mina.room.row('Mine').getByRole('button', { name: 'Edit' });
  await edit.focus();
  await expect(edit).toBeVisible();
  await edit.press('Enter');
  await expect(mina.page.getByRole('textbox', { name: 'Edit message' })).toBeFocused();
});
