// Seeding of many messages, as any client sends them: sockets of namespace /chat with a session each.
import { randomUUID } from 'node:crypto';

import { io, type Socket } from 'socket.io-client';

import type { Madang } from './server';

/** How many messages a socket has under way at once. */
const IN_FLIGHT = 32;

interface Answer<T> {
  ok?: T;
  fault?: { code: string; message: string };
}

export interface Hello {
  rooms: { room: { id: number; slug: string } }[];
}

/** Makes rooms of these names, by someone who is in all of them. */
export async function seedRooms(madang: Madang, names: string[]): Promise<void> {
  const socket = await connect(madang, 'room seed');
  for (const name of names) await ask(socket, 'room.create', { name, topic: '' });
  socket.disconnect();
}

/** Posts `count` messages to a room, shared among `people` authors; returns when each is stored. */
export async function seed(madang: Madang, count: number, { slug = 'lobby', people = 4 } = {}): Promise<void> {
  const sockets = await Promise.all(Array.from({ length: people }, (_, index) => connect(madang, `seed ${index + 1}`)));
  let next = 0;
  await Promise.all(
    sockets.map(async (socket) => {
      const hello = await ask<Hello>(socket, 'session.hello', {});
      const room = hello.rooms.find((summary) => summary.room.slug === slug)?.room.id;
      if (room === undefined) throw new Error(`there is no room ${slug} to fill`);
      const post = async (): Promise<void> => {
        while (next < count) {
          next += 1;
          await ask(socket, 'message.post', { room, client_id: randomUUID(), text: text(next) });
        }
      };
      await Promise.all(Array.from({ length: IN_FLIGHT }, post));
    }),
  );
  for (const socket of sockets) socket.disconnect();
}

/** Texts of differing height, so that no place in the timeline can be computed from a number of rows. */
function text(index: number): string {
  const lines = 1 + (index % 4);
  return Array.from({ length: lines }, (_, line) => `Seeded ${index}, line ${line + 1}`).join('\n');
}

/** A socket of someone who has just joined under this name. */
export async function connect(madang: Madang, name: string): Promise<Socket> {
  const answer = await fetch(`${madang.origin}/join`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: madang.origin },
    body: new URLSearchParams({ name }),
  });
  const cookie = answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  if (!cookie) throw new Error(`${name} could not join: ${answer.status}`);
  const socket = io(`${madang.origin}/chat`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie, origin: madang.origin },
  });
  await new Promise<void>((connected, failed) => {
    socket.once('connect', connected);
    socket.once('connect_error', failed);
  });
  return socket;
}

/** Asks until it is granted: a server that says it is too busy is asked again, everything else fails. */
export async function ask<T>(socket: Socket, event: string, payload: object): Promise<T> {
  for (;;) {
    const answer = (await socket.timeout(30_000).emitWithAck(event, payload)) as Answer<T>;
    if (answer.ok !== undefined) return answer.ok;
    if (answer.fault?.code !== 'too_busy') throw new Error(`${event} was refused: ${JSON.stringify(answer)}`);
  }
}
