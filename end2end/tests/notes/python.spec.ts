// python-socketio's client, from PyPI, in the environment that `cargo xtask setup` makes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { HELLO } from './support/clients';
import { expect, test } from './support/fixtures';

const script = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../python/talk.py');

function talk(origin: string, transport: string): ChildProcess {
  const python = process.env.MADANG_PYTHON;
  if (!python) throw new Error('MADANG_PYTHON is not set: it must name the Python that `cargo xtask setup` installs.');
  return spawn(python, [script, origin, transport, `${HELLO} from Python`, `${HELLO} from Node`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

for (const transport of ['polling', 'websocket']) {
  test(`3.1 python-socketio over ${transport} says and hears ${HELLO}`, async ({ madang, newClient }) => {
    const peer = await newClient();
    const python = talk(madang.origin, transport);
    const lines: string[] = [];
    createInterface({ input: python.stdout! }).on('line', (line) => lines.push(line));
    const ended = once(python, 'exit');
    await peer.hears(`${HELLO} from Python`);
    peer.say(`${HELLO} from Node`);
    expect(await ended).toEqual([0, null]);
    expect(lines).toContain(`transport ${transport}`);
    expect(lines).toContain(`heard ${HELLO} from Python`);
    expect(lines).toContain(`heard ${HELLO} from Node`);
  });
}
