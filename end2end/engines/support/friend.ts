// A chat partner without a browser: a Socket.IO client.
import { randomUUID } from 'node:crypto';

import { expect } from '@playwright/test';
import type { Socket } from 'socket.io-client';

import { ask, connect, type Hello } from '../../tests/support/seed';
import type { Madang } from '../../tests/support/server';

interface Message {
  id: number;
  body: { kind: string; text?: string };
}

export class Friend {
  private readonly heard = new Map<number, string>();

  private constructor(
    private readonly socket: Socket,
    private readonly room: number,
  ) {
    socket.on('room.changes', ({ changes }: { changes: Message[] }) => {
      for (const { id, body } of changes) if (body.kind === 'text') this.heard.set(id, body.text ?? '');
    });
  }

  static async join(madang: Madang, name: string): Promise<Friend> {
    const socket = await connect(madang, name);
    const hello = await ask<Hello>(socket, 'session.hello', {});
    const lobby = hello.rooms.find(({ room }) => room.slug === 'lobby')!.room.id;
    return new Friend(socket, lobby);
  }

  async say(text: string): Promise<void> {
    await ask(this.socket, 'message.post', { room: this.room, client_id: randomUUID(), text });
  }

  /** Waits until the lobby's messages that came live are these, edits in their places. */
  async hears(texts: string[]): Promise<void> {
    await expect.poll(() => [...this.heard.values()], { timeout: 20_000 }).toEqual(texts);
  }

  leave(): void {
    this.socket.disconnect();
  }
}
