// A namespace that is joined with a query of its own, as clients before 3.0 write it into their first packet.
import { createRequire } from 'node:module';

import { expect, test } from './support/fixtures';

const require = createRequire(import.meta.url);

interface Socket {
  on(name: string, handler: (data: unknown) => void): void;
  emit(name: string, ...args: unknown[]): void;
  disconnect(): void;
}

for (const [version, name] of [['1.7.3', 'sio173'], ['2.5.0', 'sio250']]) {
  for (const transport of ['polling', 'websocket']) {
    test(`socket.io-client ${version} joins /chat with a query over ${transport}`, async ({ madang }) => {
      const joined = await fetch(`${madang.origin}/join`, {
        method: 'POST',
        body: new URLSearchParams({ name: '민수' }),
        redirect: 'manual',
      });
      const cookie = joined.headers.getSetCookie().map((set) => set.split(';')[0]).join('; ');
      expect(cookie).toContain('=');

      const connect = require(name) as (origin: string, options: object) => Socket;
      const options = { forceNew: true, transports: [transport], query: { token: 'a' } };
      const member = connect(`${madang.origin}/chat`, { ...options, extraHeaders: { cookie } });
      const stranger = connect(`${madang.origin}/chat`, options);
      try {
        const heard: string[] = [];
        member.on('connect', () => {
          member.emit('session.hello', {}, (answer: object) => heard.push(JSON.stringify(answer)));
        });
        const refused: unknown[] = [];
        stranger.on('error', (error) => refused.push(error));
        await expect.poll(() => heard.join()).toContain('민수');
        // Who may not come in is told so, and does not wait for ever.
        await expect.poll(() => JSON.stringify(refused)).toContain('not_signed_in');
      } finally {
        member.disconnect();
        stranger.disconnect();
      }
    });
  }
}
