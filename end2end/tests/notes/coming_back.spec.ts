// Reconnecting: all clients come back after the server was shut down or killed, and restarted.
import { transports, versions } from './support/clients';
import { test } from './support/fixtures';
import { PythonClient, TRANSPORTS as PYTHON_TRANSPORTS } from './support/python';

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`every client over each transport comes back after ${signal}`, async ({ madang, newClient }) => {
    const matrix = versions.flatMap((version) => transports.map((transport) => [version, transport] as const));
    const clients = await Promise.all(matrix.map(([version, transport]) => newClient(version, transport)));
    const pythons = PYTHON_TRANSPORTS.map((wanted) => new PythonClient(madang.origin, wanted));
    try {
      for (const python of pythons) await python.hasConnected(1);
      for (const [place, [, transport]] of matrix.entries()) {
        await clients[place].isUsing(transport === 'default' ? 'websocket' : transport);
      }

      await madang.stop(signal);
      for (const client of clients) await client.isConnected(false);
      await madang.start();
      for (const [place, client] of clients.entries()) {
        await test.step(`socket.io-client ${matrix[place].join(' over ')}`, () => client.isConnected(true));
      }
      for (const python of pythons) {
        await test.step(`python-socketio over ${python.transports}`, () => python.hasConnected(2));
      }

      const peer = await newClient();
      peer.say('welcome back');
      for (const client of clients) await client.hears('welcome back');
      for (const python of pythons) await python.hears('welcome back');
    } finally {
      for (const python of pythons) await python.end();
    }
  });
}
