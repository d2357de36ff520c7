// The sockets demo: its chat, and the ways in which a server emits.
import { expect, type Learner, test } from './support/fixtures';

async function say(learner: Learner, text: string): Promise<void> {
  await learner.page.locator('#input').fill(text);
  await learner.page.locator('#input').press('Enter');
}

async function emit(learner: Learner, how: string, data: string, id = ''): Promise<void> {
  await learner.page.locator('#emit-data').fill(data);
  await learner.page.locator('#emit-id').fill(id);
  await learner.page.locator(`[data-how="${how}"]`).click();
}

/** What a page has got as `some event`, without the greetings. */
async function got(learner: Learner): Promise<string[]> {
  const lines = await learner.lines('#received > li');
  return lines.filter((line) => line.startsWith('some event')).map((line) => line.replace(/^some event /, ''));
}

/** Three people who have all spoken, so that the server knows what their pages speak. */
async function three(newLearner: (slug: 'sockets') => Promise<Learner>): Promise<[Learner, Learner, Learner]> {
  const all = [await newLearner('sockets'), await newLearner('sockets'), await newLearner('sockets')] as const;
  for (const [n, learner] of all.entries()) {
    await say(learner, `here ${n}`);
    await expect(learner.page.locator('#messages')).toContainText(`here ${n}`);
  }
  return [...all];
}

test('a message reaches all, the sender included, as text in a new line', async ({ newLearner }) => {
  const [mina, jun] = await three(newLearner);
  await say(mina, '<b>안녕</b>');
  for (const learner of [mina, jun]) {
    await expect(learner.page.locator('#messages > li').last()).toHaveText('<b>안녕</b>');
    await expect(learner.page.locator('#messages b')).toHaveCount(0);
  }
  await expect(mina.page.locator('#input')).toHaveValue('');
  const before = mina.page.url();
  await say(mina, '   ');
  await say(mina, 'after');
  await expect(jun.page.locator('#messages > li').last()).toHaveText('after');
  expect((await mina.wire()).filter((frame) => frame.startsWith('out 42["chat message"'))).toHaveLength(3);
  expect(mina.page.url()).toBe(before);
});

test('the others hear hi when someone comes, the newcomer does not', async ({ newLearner }) => {
  const mina = await newLearner('sockets');
  const jun = await newLearner('sockets');
  await expect.poll(() => mina.lines('#received > li')).toEqual(['hi']);
  // What comes after it has arrived, so it would have, too.
  await emit(jun, 'socket.emit', 'end');
  await expect.poll(() => jun.lines('#received > li')).toEqual(['some event "end"']);
});

test('each way of emitting reaches those that it says, and nobody else', async ({ newLearner }) => {
  const [mina, jun, ana] = await three(newLearner);
  await emit(mina, 'io.emit', 'to all');
  await emit(mina, 'socket.emit', 'to myself');
  await emit(mina, 'socket.broadcast.emit', 'to the others');
  await emit(mina, 'io.to(id).emit', 'to Jun', await jun.id());
  await emit(mina, 'io.emit', 'end');
  await expect.poll(() => got(mina)).toEqual(['"to all"', '"to myself"', '"end"']);
  await expect.poll(() => got(jun)).toEqual(['"to all"', '"to the others"', '"to Jun"', '"end"']);
  await expect.poll(() => got(ana)).toEqual(['"to all"', '"to the others"', '"end"']);
});

test('an object reaches every user as an object', async ({ newLearner }) => {
  const [mina, jun] = await three(newLearner);
  await mina.page.locator('#every-user').click();
  const object = { someProperty: 'some value', otherProperty: 'other value' };
  for (const learner of [mina, jun]) {
    await expect.poll(async () => (await got(learner)).map((json) => JSON.parse(json) as unknown)).toEqual([object]);
  }
  await mina.page.locator('#emit-object').check();
  await emit(mina, 'socket.broadcast.emit', 'mine');
  await expect
    .poll(async () => JSON.parse((await got(jun)).at(-1) ?? 'null') as unknown)
    .toEqual({ ...object, someProperty: 'mine' });
});

test('an id that is missing or unknown is said to be', async ({ newLearner }) => {
  const mina = await newLearner('sockets');
  await emit(mina, 'io.to(id).emit', 'x');
  await expect(mina.page.locator('#emit-fault')).not.toBeEmpty();
  await emit(mina, 'io.to(id).emit', 'x', 'nobody');
  await expect(mina.frame('out', '420["try emit",{"data":"x","how":"io.to(id).emit","id":"nobody"}]')).toHaveCount(1);
  await expect(mina.page.locator('#emit-fault')).not.toBeEmpty();
  await emit(mina, 'socket.emit', 'x');
  await expect(mina.page.locator('#emit-fault')).toBeEmpty();
  await expect(mina.page.locator('#emit-reached')).toContainText('1');
});

test('the list follows a reader at its end, and keeps the place of one who is not', async ({ newLearner }) => {
  const mina = await newLearner('sockets');
  const box = mina.page.locator('.demo-log:has(#messages)');
  for (let n = 1; n <= 12; n += 1) await say(mina, `line ${n}`);
  await expect(mina.page.locator('#messages > li').last()).toHaveText('line 12');
  await expect(mina.page.locator('#messages > li').last()).toBeInViewport();

  await box.evaluate((box) => (box.scrollTop = 0));
  await expect(mina.page.locator('#messages > li').first()).toBeInViewport();
  await say(mina, 'later');
  await expect(mina.page.locator('#messages > li').last()).toHaveText('later');
  expect(await box.evaluate((box) => box.scrollTop)).toBe(0);
});

test('odd lines are striped, and the form is fixed at the bottom, at full width', async ({ newLearner }) => {
  const mina = await newLearner('sockets');
  for (const text of ['odd', 'even', 'odd again']) await say(mina, text);
  const lines = mina.page.locator('#messages > li');
  await expect(lines).toHaveCount(3);
  const colours = await lines.evaluateAll((lines) => lines.map((line) => getComputedStyle(line).backgroundColor));
  expect(colours[0]).toBe(colours[2]);
  expect(colours[0]).not.toBe(colours[1]);

  const place = async () => {
    const [page, form] = [await mina.page.locator('.demo-page').boundingBox(), await mina.page.locator('#form').boundingBox()];
    if (!page || !form) throw new Error('the demo is not drawn');
    return { below: Math.round(page.y + page.height - form.y - form.height), beside: Math.round(page.width - form.width) };
  };
  expect(await place()).toEqual({ below: 1, beside: 2 });
  for (let n = 0; n < 12; n += 1) await say(mina, `more ${n}`);
  await expect(lines).toHaveCount(15);
  expect(await place()).toEqual({ below: 1, beside: 2 });
});

test('a server socket is drawn beside it, lit where this connection takes part', async ({ newLearner }) => {
  const mina = await newLearner('sockets');
  const step = (name: string) => mina.page.locator(`.server-life [data-step="${name}"]`);
  for (const name of ['create', 'bind', 'listen', 'accept']) {
    await expect(step(name)).toHaveAttribute('data-standing', 'done');
  }
  await expect(step('close')).toHaveAttribute('data-standing', 'ahead');
  await mina.disconnect.click();
  await expect(step('close')).toHaveAttribute('data-standing', 'now');
});
