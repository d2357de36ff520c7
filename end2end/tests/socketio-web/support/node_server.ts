// The official Socket.IO server for Node, with a few events on which the stories are told.
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';

import { Server, type ServerOptions } from 'socket.io';

import type { ServerUnderTest } from './server';

/** The token that `/secret` wants. */
export const TOKEN = '열쇠';

export class NodeServer implements ServerUnderTest {
  readonly name = 'Node socket.io';
  /** What came with the event `number`, in the order of arrival. */
  readonly numbers: number[] = [];
  /** What the client answered to `question`. */
  readonly answers: unknown[] = [];
  private port = 0;
  private http?: HttpServer;
  private io?: Server;
  private readonly wires = new Set<TcpSocket>();

  constructor(private readonly options: Partial<ServerOptions> = {}) {}

  static async started(options: Partial<ServerOptions> = {}): Promise<NodeServer> {
    const server = new NodeServer(options);
    await server.start();
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The number of clients whose connection stands. */
  get clients(): number {
    return this.io?.engine.clientsCount ?? 0;
  }

  async start(): Promise<void> {
    const http = createServer();
    http.on('connection', (wire) => {
      this.wires.add(wire);
      wire.once('close', () => this.wires.delete(wire));
    });
    const io = new Server(http, { serveClient: false, ...this.options });
    this.serve(io);
    await new Promise<void>((done, failed) => {
      http.once('error', failed);
      http.listen(this.port, '127.0.0.1', done);
    });
    this.port = (http.address() as AddressInfo).port;
    this.http = http;
    this.io = io;
  }

  async stop(): Promise<void> {
    this.http?.close();
    this.wires.forEach((wire) => wire.destroy());
    await this.io?.close();
    this.io = undefined;
  }

  async admit(): Promise<void> {
    // Anyone may use it.
  }

  /** Sends `number` with each number from `from` up to but without `to`, a few in each turn. */
  async sendNumbers(from: number, to: number): Promise<void> {
    for (let n = from; n < to; n += 1) {
      this.io?.of('/chat').emit('number', n);
      if (n % 7 === 0) await new Promise((done) => setImmediate(done));
    }
  }

  private serve(io: Server): void {
    io.of('/chat').on('connection', (socket) => {
      socket.on('echo', (data, ack) => ack(data));
      socket.on('shout', (data) => io.of('/chat').emit('shout', data));
      socket.on('number', (n: number) => this.numbers.push(n));
      socket.on('never', () => {});
      socket.on('many', () => socket.emit('many', 1, [2], { three: '셋' }));
      socket.on('attach', () => socket.emit('attached', { bytes: Buffer.from([1, 2, 255]) }, Buffer.from([7])));
      socket.on('burst', (count: number) => {
        for (let n = 0; n < count; n += 1) socket.emit('number', n);
      });
      socket.on('ask me', (data) => {
        socket.emit('question', data, (answer: unknown) => this.answers.push(answer));
      });
      socket.on('throw me out', () => socket.disconnect());
    });
    io.of('/secret').use((socket, next) => {
      const refusal = Object.assign(new Error('wrong token'), { data: { code: 'token' } });
      next(socket.handshake.auth.token === TOKEN ? undefined : refusal);
    });
    io.of('/secret').on('connection', (socket) => {
      socket.on('echo', (data, ack) => ack(data));
    });
  }
}
