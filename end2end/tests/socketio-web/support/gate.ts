// A proxy that a test can cut, freeze, or close to WebSocket, between the page and a server.
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class Gate {
  /** Refuse each WebSocket, as some proxies do. */
  blocksWebSocket = false;
  /** Take each WebSocket's request and never answer, as other proxies do. */
  swallowsWebSocket = false;
  /** Cut each new connection at once, as where there is no network. */
  refusesAll = false;
  /** How many WebSockets were refused. */
  refused = 0;
  private frozen = false;
  private readonly wires = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  /** Opens a gate in front of `origin`. */
  static async before(origin: string): Promise<Gate> {
    const server = createServer();
    const gate = new Gate(server, new URL(origin));
    server.on('connection', (wire) => gate.accept(wire));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return gate;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on nothing passes, and no one is told. */
  freeze(): void {
    this.frozen = true;
    this.wires.forEach((wire) => wire.pause());
  }

  thaw(): void {
    this.frozen = false;
    this.wires.forEach((wire) => wire.resume());
  }

  /** Cuts what is connected. */
  cut(): void {
    this.wires.forEach((wire) => wire.destroy());
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((done) => this.server.close(done));
  }

  private accept(wire: Socket): void {
    if (this.refusesAll) {
      wire.destroy();
      return;
    }
    const upstream = connect(Number(this.target.port), this.target.hostname);
    const ends = [wire, upstream];
    ends.forEach((end, n) => {
      const other = ends[1 - n];
      this.wires.add(end);
      end.setNoDelay();
      // An error is followed by the close.
      end.on('error', () => {});
      end.on('close', () => {
        this.wires.delete(end);
        // What is on its way to the other end may still arrive.
        other.destroySoon();
      });
    });
    const pass = (from: Socket, to: Socket) => {
      from.on('data', (bytes) => to.write(bytes));
      if (this.frozen) from.pause();
    };
    // A browser opens a connection of its own for each WebSocket: its first bytes tell what it is.
    wire.once('data', (bytes) => {
      const websocket = /^upgrade: *websocket/im.test(bytes.toString('latin1'));
      if (websocket && this.swallowsWebSocket) return;
      if (websocket && this.blocksWebSocket) {
        this.refused += 1;
        wire.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      } else {
        upstream.write(bytes);
        pass(wire, upstream);
        pass(upstream, wire);
      }
    });
  }
}
