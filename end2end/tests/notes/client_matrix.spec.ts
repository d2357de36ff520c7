// Every client over every transport: Hangul, an accent and an emoji, there and back, and after an interruption.
import { HELLO, transports, versions } from './support/clients';
import { expect, test } from './support/fixtures';

for (const version of versions) {
  for (const transport of transports) {
    test(`3.1 socket.io-client ${version} over ${transport} says and hears ${HELLO}`, async ({ newClient }) => {
      const peer = await newClient();
      const client = await newClient(version, transport);
      if (transport !== 'default') await client.isUsing(transport);

      client.say(`${HELLO} 1`);
      await peer.hears(`${HELLO} 1`);
      await client.hears(`${HELLO} 1`);
      peer.say(`${HELLO} 2`);
      await client.hears(`${HELLO} 2`);

      if (transport === 'default') {
        await client.isUsing('websocket');
        client.say(`${HELLO} 3`);
        await peer.hears(`${HELLO} 3`);
        peer.say(`${HELLO} 4`);
        await client.hears(`${HELLO} 4`);
      }
      // Nothing else has come, in whatever form.
      expect(client.heard.length).toBe(transport === 'default' ? 4 : 2);
    });

    test(`2.2 socket.io-client ${version} over ${transport} goes and comes back`, async ({ madang, newClient }) => {
      const client = await newClient(version, transport);
      client.say('first');
      await client.hears('first');

      client.disconnect();
      await client.isConnected(false);
      await expect.poll(() => madang.said).toContain('user disconnected');
      client.connect();
      await client.isConnected(true);
      client.say(`${HELLO} again`);
      await client.hears(`${HELLO} again`);

      await madang.stop('SIGKILL');
      await client.isConnected(false);
      await madang.start();
      await client.isConnected(true);
      client.say(`${HELLO} after all`);
      await client.hears(`${HELLO} after all`);
    });
  }
}
