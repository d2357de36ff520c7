// Sessions: joining and leaving, names, the session cookie, presence.
import { expect, test } from './support/fixtures';

test('a taken name is refused beside the field', async ({ newPerson }) => {
  await newPerson('Mina');
  const other = await newPerson('Other', { joined: false });
  for (const name of ['Mina', 'MINA', ' mina ']) {
    await other.joinPage.join(name);
    await expect(other.joinPage.refusal).toHaveAttribute('role', 'alert');
    await expect(other.joinPage.refusal).not.toBeEmpty();
    await expect(other.joinPage.name).toHaveAttribute('aria-describedby', /\bname-error\b/);
  }
  await other.joinPage.join('Jun');
  await expect(other.room.composer).toBeVisible();
});

test('a blank, too long or invisible name is refused with the reason', async ({ newPerson, madang }) => {
  const someone = await newPerson('Someone', { joined: false });
  const reasons = new Set<string>();
  for (const name of ['   ', 'x'.repeat(33), 'a\u202eb']) {
    await someone.joinPage.open(madang.origin);
    // The form is sent past the page's own check: the server must refuse all the same.
    await someone.joinPage.name.evaluate((field) => field.removeAttribute('maxlength'));
    await someone.joinPage.name.fill(name);
    await someone.page.locator('form[action="/join"]').evaluate((form) => (form as HTMLFormElement).submit());
    await expect(someone.page).toHaveURL(/[?&]refused=/);
    await expect(someone.joinPage.refusal).not.toBeEmpty();
    reasons.add((await someone.joinPage.refusal.textContent()) ?? '');
  }
  expect(reasons.size).toBe(3);
});

test('the page itself refuses a name at once, without a round trip', async ({ newPerson, madang }) => {
  const someone = await newPerson('Someone', { joined: false });
  await someone.joinPage.open(madang.origin);
  await expect(someone.page.locator('body')).toHaveAttribute('data-hydrated', 'true');
  await someone.joinPage.join('a\u202eb');
  await expect(someone.joinPage.refusal).not.toBeEmpty();
  await expect(someone.page).toHaveURL(`${madang.origin}/`);
});

test('the session survives a reload and ends with leaving', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  const [cookie] = (await mina.context.cookies()).filter((cookie) => cookie.httpOnly);
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });

  await mina.page.reload();
  await expect(mina.room.composer).toBeVisible();
  await mina.page.goto(`${madang.origin}/`);
  await expect(mina.page).toHaveURL(`${madang.origin}/r/lobby`);

  await mina.page.getByRole('button', { name: 'Leave Madang' }).click();
  await expect(mina.joinPage.name).toBeVisible();
  await mina.room.open(madang.origin);
  await expect(mina.joinPage.name).toBeVisible();
  // The cookie that was is worth nothing any more, even to one who has kept it.
  await mina.context.addCookies([cookie]);
  await mina.room.open(madang.origin);
  await expect(mina.joinPage.name).toBeVisible();
});

test('after joining one is where one wanted to go', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  await mina.room.create(madang.origin, 'Garden');
  const jun = await newPerson('Jun', { joined: false });
  await jun.room.open(madang.origin, 'garden');
  await jun.joinPage.join('Jun');
  await expect(jun.page).toHaveURL(`${madang.origin}/r/garden`);
  await expect(jun.room.joinRoom).toBeVisible();
});

test('who closes the last tab is offline, and no sooner', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  const secondTab = await jun.newTab();
  await secondTab.open(madang.origin);
  await secondTab.live();
  await expect(mina.room.member('Jun')).toHaveAttribute('data-online', 'true');

  await jun.page.close();
  await secondTab.saySettled('still here');
  await expect(mina.room.row('still here')).toHaveCount(1);
  await expect(mina.room.member('Jun')).toHaveAttribute('data-online', 'true');

  await secondTab.page.close();
  await expect(mina.room.member('Jun')).toHaveAttribute('data-online', 'false');
});
