// A browser that keeps no cookies: a setting of Chromium as people have it, which the headless shell does not know.
import { JoinPage } from '../tests/support/chat';
import { expect, test } from '../tests/support/fixtures';
import { withProfile } from '../tests/support/profile';

test('a browser that keeps no cookies is told so, and takes nobody’s name', async ({ newPerson, madang }) => {
  const refused = { profile: { default_content_setting_values: { cookies: 2 } } };
  await withProfile(async (launch) => {
    const browser = await launch();
    const join = new JoinPage(await browser.newPage());
    await join.open(madang.origin);
    // Twice: the name would be taken if the first time had counted.
    for (const _ of [1, 2]) {
      await join.join('Mina');
      await expect(join.refusal).toContainText('allow cookies');
    }
    expect(await browser.cookies()).toEqual([]);
    await browser.close();
  }, refused);
  await newPerson('Mina');
});
