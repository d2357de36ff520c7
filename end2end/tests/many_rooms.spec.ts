// More rooms than a page lists: each can still be found.
import { expectAccessible } from './support/axe';
import { expect, test } from './support/fixtures';
import { seedRooms } from './support/seed';

/** In the order of the list, which a page lists a hundred of. */
const NAMES = Array.from({ length: 130 }, (_, index) => `Garden ${String(index + 1).padStart(3, '0')}`);

test('with JavaScript off the last of many rooms is found in the list of all', async ({ newPerson, madang }) => {
  await seedRooms(madang, NAMES);
  const mina = await newPerson('Mina', { javaScriptEnabled: false });
  await expect(mina.room.roomLink('garden-100')).toHaveCount(1);
  await expect(mina.room.roomLink('garden-101')).toHaveCount(0);
  await mina.page.getByRole('link', { name: 'All rooms' }).click();
  await expect(mina.page.getByRole('heading', { level: 1, name: 'All rooms' })).toBeVisible();
  await mina.page.getByRole('link', { name: 'More rooms' }).click();
  await expect(mina.page.getByRole('link', { name: 'More rooms' })).toHaveCount(0);
  await mina.page.getByRole('link', { name: 'Garden 130' }).click();
  await expect(mina.page).toHaveURL(`${madang.origin}/r/garden-130`);
  // Listed where it is shown.
  await expect(mina.room.roomLink('garden-130')).toHaveAttribute('aria-current', 'page');
  await mina.room.joinRoom.getByRole('button').click();
  await expect(mina.room.composer).toBeVisible();
});

test('a page that is live lists all rooms', async ({ newPerson, madang }) => {
  await seedRooms(madang, NAMES);
  const mina = await newPerson('Mina');
  await expect(mina.room.roomLink('garden-130')).toHaveCount(1);
  await expect(mina.page.getByRole('link', { name: 'All rooms' })).toHaveCount(0);
  mina.expectNoComplaints();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe-core finds nothing in the list of all rooms, ${colorScheme}`, async ({ newPerson, madang }) => {
    await seedRooms(madang, NAMES);
    const mina = await newPerson('Mina', { colorScheme });
    await mina.page.goto(`${madang.origin}/rooms`);
    await expect(mina.page.getByRole('link', { name: 'Garden 099' })).toBeVisible();
    await expectAccessible(mina.page, 'the list of all rooms');
  });
}
