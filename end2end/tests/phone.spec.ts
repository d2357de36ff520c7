// Phones: line breaks on touch keyboards, and unread messages of other rooms.
import { expect, test } from './support/fixtures';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test('where one types on the screen, Enter breaks the line and the button sends', async ({ newPerson }) => {
  const mina = await newPerson('Mina', PHONE);
  const jun = await newPerson('Jun');
  await expect(mina.room.composer).toHaveAttribute('enterkeyhint', 'enter');
  await mina.room.composer.pressSequentially('one');
  await mina.room.composer.press('Enter');
  await mina.room.composer.pressSequentially('two');
  await expect(mina.room.composer).toHaveValue('one\ntwo');
  await mina.room.send.tap();
  await expect(mina.room.composer).toHaveValue('');
  await expect(mina.room.composer).toBeFocused();
  await expect(jun.room.rows).toHaveCount(1);
  await expect(jun.room.rows.locator('.text')).toHaveText('one\ntwo', { useInnerText: true });

  // Messages are edited by the same rule.
  await mina.room.rows.first().tap();
  await mina.room.rows.first().getByRole('button', { name: 'Edit' }).tap();
  await mina.room.editor.press('End');
  await mina.room.editor.press('Enter');
  await mina.room.editor.pressSequentially('three');
  await expect(mina.room.editor).toHaveValue('one\ntwo\nthree');
  await mina.page.getByRole('button', { name: 'Save' }).tap();
  await expect(jun.room.rows.locator('.text')).toHaveText('one\ntwo\nthree', { useInnerText: true });
});

for (const { name, options } of [
  { name: 'a phone with a keyboard beside it', options: PHONE },
  { name: 'a desktop', options: {} },
]) {
  for (const keys of ['Control+Enter', 'Meta+Enter']) {
    test(`${keys} sends on ${name}`, async ({ newPerson }) => {
      const mina = await newPerson('Mina', options);
      await mina.room.composer.fill('By two keys');
      await mina.room.composer.press(keys);
      await expect(mina.room.row('By two keys')).toHaveAttribute('data-state', 'settled');
      await expect(mina.room.composer).toHaveValue('');
      await expect(mina.room.rows).toHaveCount(1);
    });
  }
}

test('news of other rooms shows at the button that opens their list', async ({ newPerson, madang }) => {
  const jun = await newPerson('Jun');
  const mina = await newPerson('Mina', PHONE);
  const button = mina.room.openRooms;
  await expect(button).toHaveAccessibleName('Show rooms');
  await mina.room.create(madang.origin, 'Garden');
  await mina.room.live();
  await mina.room.create(madang.origin, 'Kitchen');
  await mina.room.live();
  const dot = () => button.evaluate((box) => getComputedStyle(box, '::after').content);
  expect(await dot()).toBe('none');

  await jun.room.saySettled('Are you there?');
  await expect(button).toHaveAccessibleName('Show rooms: 1 room has unread messages');
  expect(await dot()).toBe('""');
  await jun.page.goto(`${madang.origin}/r/garden`);
  await jun.room.joinRoom.getByRole('button').click();
  await jun.room.saySettled('Or here?');
  await expect(button).toHaveAccessibleName('Show rooms: 2 rooms have unread messages');

  // As the server draws it, and on the page for a new room.
  await mina.page.goto(`${madang.origin}/rooms/new`);
  await expect(button).toHaveAccessibleName('Show rooms: 2 rooms have unread messages');
  await button.tap();
  await mina.room.roomLink('garden').tap();
  await expect(mina.room.row('Or here?')).toHaveCount(1);
  await expect(button).toHaveAccessibleName('Show rooms: 1 room has unread messages');
  await button.tap();
  await mina.room.roomLink('lobby').tap();
  await expect(mina.room.row('Are you there?')).toHaveCount(1);
  await expect(button).toHaveAccessibleName('Show rooms');
  expect(await dot()).toBe('none');
});

test('the news of other rooms is told in Korean', async ({ newPerson, madang }) => {
  const jun = await newPerson('Jun');
  const mina = await newPerson('미나', { ...PHONE, locale: 'ko-KR' });
  await mina.room.create(madang.origin, '마루');
  await mina.room.live();
  await jun.room.saySettled('안녕');
  await expect(mina.room.openRooms).toHaveAccessibleName('방 목록 보기: 안 읽은 메시지가 있는 방 1개');
});
