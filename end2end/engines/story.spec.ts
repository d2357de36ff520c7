// One story in each browser engine; all other tests run in Chromium only.
import { expect, test } from '@playwright/test';

import { Gate } from '../tests/socketio-web/support/gate';
import { Madang } from '../tests/support/server';
import { Chromium } from './support/chromium';
import type { Launcher } from './support/engine';
import { Firefox } from './support/firefox';
import { Friend } from './support/friend';
import { Visitor } from './support/visitor';
import { WebKit } from './support/webkit';

const ENGINES: Launcher[] = [
  { name: 'Chromium', launch: () => Chromium.launch() },
  { name: 'Firefox', launch: () => Firefox.launch() },
  { name: 'WebKit', launch: () => WebKit.launch() },
];

for (const { name, launch } of ENGINES) {
  test(`joining, talking, coming back, editing and a second room, in ${name}`, async () => {
    const ends: (() => unknown)[] = [];
    const afterwards = <T>(value: T, end: (value: T) => unknown): T => {
      ends.unshift(() => end(value));
      return value;
    };
    try {
      const madang = afterwards(await Madang.started(), (madang) => madang.dispose());
      const gate = afterwards(await Gate.before(madang.origin), (gate) => gate.close());
      const jun = afterwards(await Friend.join(madang, 'Jun'), (jun) => jun.leave());
      const engine = afterwards(await launch(), (engine) => engine.close());
      await story(new Visitor(engine, gate.origin), jun, gate);
    } finally {
      for (const end of ends) await end();
    }
  });
}

async function story(mina: Visitor, jun: Friend, gate: Gate): Promise<void> {
  await test.step('the join page is taken over as the server sent it', async () => {
    await mina.open('/');
    await mina.until(['true', null], () => {
      const { hydrated, drawn } = document.body.dataset;
      return [hydrated ?? null, drawn ?? null];
    });
  });
  await test.step('joining, in Korean', async () => {
    await mina.click('button[name="lang"][value="ko"]');
    await mina.until('ko', () => document.documentElement.lang);
    await mina.type('input[name="name"]', 'Mina');
    await mina.press('Enter');
    await mina.until('/r/lobby', () => location.pathname);
    await mina.live();
    await mina.until(null, () => document.body.dataset.drawn ?? null);
    await mina.until('ko', () => document.documentElement.lang);
  });
  await test.step('talking both ways', async () => {
    await mina.say('Hello, Jun');
    await mina.sees('Hello, Jun');
    await jun.hears(['Hello, Jun']);
    await jun.say('안녕, 미나 👋');
    await mina.sees('안녕, 미나 👋');
    await mina.say('안녕하세요');
    await mina.sees('안녕하세요');
    await jun.hears(['Hello, Jun', '안녕, 미나 👋', '안녕하세요']);
    await mina.until('', () => document.querySelector<HTMLTextAreaElement>('#composer textarea')?.value ?? null);
  });
  await test.step('without a network, and back', async () => {
    gate.refusesAll = true;
    gate.cut();
    await mina.until(true, () => document.querySelector('#link-banner p') !== null);
    await mina.say('meanwhile');
    await mina.sees('meanwhile', 'pending');
    await jun.say('you cannot hear this');
    gate.refusesAll = false;
    await mina.sees('meanwhile');
    await mina.sees('you cannot hear this');
    await mina.live();
    await mina.until(false, () => document.querySelector('#link-banner p') !== null);
  });
  await test.step('editing', async () => {
    const own = '#timeline article.mine:has(.live-only)';
    await mina.pointAt(`${own} .text`);
    await mina.click(`${own} .live-only`);
    await mina.until(true, () => document.activeElement?.matches('.editor textarea') ?? false);
    await mina.write(', again');
    await mina.press('Enter');
    await mina.sees('Hello, Jun, again');
    await jun.hears(['Hello, Jun, again', '안녕, 미나 👋', '안녕하세요', 'you cannot hear this', 'meanwhile']);
  });
  await test.step('a second room, and back', async () => {
    await mina.click('a[href="/rooms/new"]');
    await mina.type('input[name="name"]', '뒷마당');
    await mina.click('form[action="/rooms"] button');
    await mina.until('뒷마당', () => document.querySelector('h1')?.textContent?.trim() ?? null);
    await mina.live();
    await mina.say('first here');
    await mina.sees('first here');
    await mina.click('nav a[href="/r/lobby"]');
    await mina.sees('Hello, Jun, again');
    await mina.sees('meanwhile');
    await mina.until(0, () => [...document.querySelectorAll('.text')].filter((text) => text.textContent === 'first here').length);
  });
  await test.step('a reload shows the same', async () => {
    await mina.open('/r/lobby');
    await mina.live();
    for (const text of ['Hello, Jun, again', '안녕, 미나 👋', '안녕하세요', 'you cannot hear this', 'meanwhile']) {
      await mina.sees(text);
    }
  });
  await test.step('a module can be run once more', async () => {
    // Under an address that differs after the #: what drawing the page anew after a panic depends on.
    const href = `document.querySelector('link[rel="modulepreload"]').href`;
    const twice = `Promise.all([import(${href}), import(${href} + '#again')]).then(([a, b]) => String(a !== b))`;
    expect(await mina.engine.evaluate(twice)).toBe('true');
  });
}
