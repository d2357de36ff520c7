// A controllable WebSocket of a page: frames can be counted, changed, held back, dropped or answered.
import type { Page, WebSocketRoute } from '@playwright/test';

/** What to do with a frame: another one in its place, or null for none. */
export type Change = (frame: string) => string | null;

const UNCHANGED: Change = (frame) => frame;

export class Wire {
  /** Frames from the server on their way to the page. */
  fromServer: Change = UNCHANGED;
  /** Frames from the page on their way to the server. */
  fromPage: Change = UNCHANGED;
  /** How many connections the page has made. */
  connections = 0;
  private connection?: WebSocketRoute;

  private constructor() {}

  /** Takes hold of all connections that the page makes from now on. */
  static async of(page: Page): Promise<Wire> {
    const wire = new Wire();
    await page.routeWebSocket(/\/socket\.io\//, (connection) => {
      wire.connection = connection;
      wire.connections += 1;
      const server = connection.connectToServer();
      connection.onMessage((frame) => {
        const changed = wire.fromPage(String(frame));
        if (changed !== null) server.send(changed);
      });
      server.onMessage((frame) => {
        const changed = wire.fromServer(String(frame));
        if (changed !== null) connection.send(changed);
      });
    });
    return wire;
  }

  /** Says something to the page in the server's name. */
  tell(event: string, payload: object): void {
    this.connection?.send(`42/chat,${JSON.stringify([event, payload])}`);
  }

  /** Sends the page a frame as it is. */
  send(frame: string): void {
    this.connection?.send(frame);
  }

  /** Cuts the connection. */
  async cut(): Promise<void> {
    await this.connection?.close();
  }

  /** Answers requests of one kind in the server's name, as often as there are answers; the rest go to the server. */
  answer(event: string, answers: object[]): void {
    this.fromPage = (frame) => {
      const id = new RegExp(`^42/chat,(\\d+)\\["${event}"`).exec(frame)?.[1];
      const answer = id === undefined ? undefined : answers.shift();
      if (answer === undefined) return frame;
      this.send(`43/chat,${id}${JSON.stringify([answer])}`);
      return null;
    };
  }
}

/** The client ids of the messages that a page posts from now on, in order, over whichever transport. */
export function posts(page: Page): string[] {
  const posted: string[] = [];
  const note = (text: string) => {
    for (const [, id] of text.matchAll(/"message\.post",\{[^}]*?"client_id":"([^"]+)"/g)) posted.push(id);
  };
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => note(String(payload))));
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes('/socket.io/')) note(request.postData() ?? '');
  });
  return posted;
}
