// Links in messages: URLs become links, everything else stays text.
import { expect, test } from './support/fixtures';

test('an address becomes a link that opens safely', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  await mina.room.saySettled('See https://example.com/a?b=1&c=2#d, or (http://example.com/x).');
  const links = jun.room.rows.last().locator('.text a');
  await expect(links).toHaveCount(2);
  await expect(links.first()).toHaveAttribute('href', 'https://example.com/a?b=1&c=2#d');
  await expect(links.last()).toHaveAttribute('href', 'http://example.com/x');
  for (const link of await links.all()) await expect(link).toHaveAttribute('rel', /\bnoopener\b/);
});

test('a link leads to the host that is read, whatever is written behind it', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  for (const [text, hosts] of [
    ['https://www.google.com에서 찾아보세요.', ['www.google.com']],
    ['https://www.fußball.de에서 봐요', ['www.xn--fuball-cta.de']],
    ['https://www.kbs뉴스.com이랑', ['www.xn--kbs-r02mq16d.com']],
    ['（https://example.com）', ['example.com']],
    ['https://a.example,https://b.example', ['a.example', 'b.example']],
    ['https://example.com/api\u200b', ['example.com']],
    ['https://google.com@evil.example', []],
    ['https://ko.wikipedia.org/wiki/마당', ['ko.wikipedia.org']],
  ] as const) {
    await mina.room.say(text);
    const row = mina.room.rows.last();
    await expect(row.locator('.text')).toHaveText(text);
    const links = row.locator('.text a');
    await expect(links).toHaveCount(hosts.length);
    // As the browser itself reads the address.
    const read = await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).host));
    expect(read).toEqual([...hosts]);
  }
});

test('an address that would run a script is no link', async ({ newPerson }) => {
  const mina = await newPerson('Mina');
  const jun = await newPerson('Jun');
  await mina.room.saySettled('javascript:alert(1) data:text/html,x https://example.com/ok');
  await expect(jun.room.rows.last().locator('.text a')).toHaveCount(1);
  await expect(jun.room.rows.last().locator('.text a')).toHaveText('https://example.com/ok');
});

test('HTML in a message, in a name and in a topic is shown as typed', async ({ newPerson, madang }) => {
  const markup = '<img src=x onerror="document.title=1"><b>bold</b> & &amp;';
  const mina = await newPerson('<i>Mina</i>');
  await mina.room.create(madang.origin, 'Markup', '<u>topic</u>');
  await mina.room.live();
  await mina.room.saySettled(markup);

  const check = async () => {
    await expect(mina.room.row(markup)).toHaveCount(1);
    await expect(mina.room.timeline.locator('img, b, i')).toHaveCount(0);
    await expect(mina.room.row(markup).locator('.author')).toHaveText('<i>Mina</i>');
    await expect(mina.page.getByText('<u>topic</u>', { exact: true }).first()).toBeVisible();
    await expect(mina.page).not.toHaveTitle('1');
  };
  await check();
  // As the server renders it.
  await mina.page.reload();
  await check();
});
