// Firefox, driven by WebDriver BiDi: commands and answers as JSON over a WebSocket.
import { WebSocket } from 'ws';

import type { Engine, InputSource } from './engine';
import { Program } from './process';

interface Answer {
  id?: number;
  type: 'success' | 'error' | 'event';
  result?: unknown;
  error?: string;
  message?: string;
}

/** What an expression came to: a string, or an exception. */
interface Evaluated {
  result?: { value: string };
  exceptionDetails?: { text: string };
}

export class Firefox implements Engine {
  private last = 0;
  private readonly waiting = new Map<number, { answered: (answer: Answer) => void; failed: (why: Error) => void }>();
  private context = '';

  private constructor(
    private readonly program: Program,
    private readonly socket: WebSocket,
  ) {
    socket.on('message', (data) => {
      const answer = JSON.parse(String(data)) as Answer;
      if (answer.id === undefined) return;
      this.waiting.get(answer.id)?.answered(answer);
      this.waiting.delete(answer.id);
    });
    socket.on('close', () => this.waiting.forEach(({ failed }) => failed(new Error('Firefox is gone'))));
  }

  static async launch(): Promise<Firefox> {
    const program = await Program.start(
      process.env.MADANG_FIREFOX ?? '/usr/bin/firefox-esr',
      (folder) => ['--headless', '--no-remote', '--profile', folder, '--remote-debugging-port=0', 'about:blank'],
      { line: /WebDriver BiDi listening on (ws:\S+)/ },
    );
    const socket = new WebSocket(`${program.found}/session`);
    await new Promise((opened, failed) => socket.once('open', opened).once('error', failed));
    const firefox = new Firefox(program, socket);
    await firefox.send('session.new', { capabilities: {} });
    const { context } = await firefox.send<{ context: string }>('browsingContext.create', { type: 'window' });
    firefox.context = context;
    await firefox.send('browsingContext.setViewport', { context, viewport: { width: 1280, height: 800 } });
    return firefox;
  }

  async open(url: string): Promise<void> {
    await this.send('browsingContext.navigate', { context: this.context, url, wait: 'interactive' });
  }

  async evaluate(expression: string): Promise<string> {
    const target = { context: this.context };
    const { result, exceptionDetails } = await this.send<Evaluated>('script.evaluate', {
      expression,
      target,
      awaitPromise: true,
    });
    if (!result) throw new Error(exceptionDetails?.text);
    return result.value;
  }

  async perform(actions: InputSource[]): Promise<void> {
    await this.send('input.performActions', { context: this.context, actions });
  }

  async close(): Promise<void> {
    this.socket.terminate();
    await this.program.end();
  }

  private async send<T>(method: string, params: object): Promise<T> {
    const id = (this.last += 1);
    const answer = await new Promise<Answer>((answered, failed) => {
      this.waiting.set(id, { answered, failed });
      this.socket.send(JSON.stringify({ id, method, params }));
    });
    if (answer.type !== 'success') throw new Error(`${method}: ${answer.error} ${answer.message}`);
    return answer.result as T;
  }
}
