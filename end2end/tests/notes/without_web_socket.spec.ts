// Long polling: where WebSocket is unavailable, Madang's own UI works, and so do the notes' pages.
import { HELLO } from './support/clients';
import { expect, test } from './support/fixtures';

test('3.1 the UI talks without WebSocket, to its own kind and to an old client', async ({ newPerson, newClient }) => {
  const old = await newClient('1.3.6', 'polling');
  const initScript = () => {
    Reflect.deleteProperty(window, 'WebSocket');
  };
  const [mina, jun] = [await newPerson('Mina', { initScript }), await newPerson('Jun', { initScript })];
  await mina.room.saySettled(HELLO);
  await expect(jun.room.row(HELLO)).toHaveCount(1);
  await expect.poll(() => old.heard).toContain(`Mina: ${HELLO}`);
  old.say(`${HELLO} too`);
  for (const person of [mina, jun]) await expect(person.room.row(`${HELLO} too`)).toHaveCount(1);
});
