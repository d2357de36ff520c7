// python-socketio's client says and hears what others do.
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { HELLO } from './support/clients';
import { expect, test } from './support/fixtures';
import { run } from './support/python';

for (const transport of ['polling', 'websocket']) {
  test(`3.1 python-socketio over ${transport} says and hears ${HELLO}`, async ({ madang, newClient }) => {
    const peer = await newClient();
    const python = run('talk.py', madang.origin, transport, `${HELLO} from Python`, `${HELLO} from Node`);
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
