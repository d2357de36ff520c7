// Fixtures of the notes' tests: a server, and old and new clients.
import { test as base } from '../../support/fixtures';
import { Client, type Transport, type Version } from './clients';

interface Fixtures {
  /** A connected client; gone at the end of the test. */
  newClient: (version?: Version, transport?: Transport) => Promise<Client>;
}

export const test = base.extend<Fixtures>({
  newClient: async ({ madang }, use) => {
    const clients: Client[] = [];
    await use(async (version, transport) => {
      const client = await Client.connected(madang.origin, version, transport);
      clients.push(client);
      return client;
    });
    for (const client of clients) client.disconnect();
  },
});

export { expect } from '@playwright/test';
