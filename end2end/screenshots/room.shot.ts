// The README's screenshots, retaken by `cargo xtask screenshots`.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Page } from '@playwright/test';

import { expect, type Person, test } from '../tests/support/fixtures';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../docs/screenshots');

async function shoot(page: Page, name: string): Promise<void> {
  // The caret blinks and the pointer would show a row's buttons.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
}

async function converse(lines: [Person, string][]): Promise<void> {
  const [[first]] = lines;
  for (const [person, text] of lines) {
    await person.room.saySettled(text);
    await expect(first.room.row(text)).toHaveCount(1);
  }
}

test('join', async ({ newPerson }) => {
  const visitor = await newPerson('Mina', { joined: false, colorScheme: 'light' });
  await visitor.joinPage.name.fill('Mina');
  await shoot(visitor.page, 'join');
});

test('room in English: light, dark, phone', async ({ newPerson, madang }) => {
  const mina = await newPerson('Mina', { colorScheme: 'light' });
  await mina.room.create(madang.origin, 'Book club', 'One book a month');
  await mina.room.create(madang.origin, 'Garden', 'What grows, and what does not');
  await mina.room.open(madang.origin);
  await mina.room.live();
  const jun = await newPerson('Jun');
  const ana = await newPerson('Ana');
  await converse([
    [mina, 'Good morning! Who is in for lunch in the courtyard?'],
    [jun, 'Me. I will bring bread.'],
    [jun, 'And there is a new page about the garden: https://example.com/garden'],
    [ana, 'Count me in 🌷'],
    [mina, 'Twelve, then.\nUnder the big tree, as always.'],
    [ana, 'See you there'],
  ]);
  await shoot(mina.page, 'room-light');
  await mina.page.emulateMedia({ colorScheme: 'dark' });
  await shoot(mina.page, 'room-dark');
  await mina.page.emulateMedia({ colorScheme: 'light' });
  await mina.page.setViewportSize({ width: 390, height: 844 });
  await mina.room.expectAtBottom();
  await shoot(mina.page, 'room-phone');
});

test('room in Korean', async ({ newPerson, madang }) => {
  const mina = await newPerson('미나', { locale: 'ko-KR', colorScheme: 'light' });
  await mina.room.create(madang.origin, '독서 모임', '한 달에 한 권');
  await mina.room.open(madang.origin);
  await mina.room.live();
  const jun = await newPerson('준', { locale: 'ko-KR' });
  await converse([
    [mina, '좋은 아침이에요! 오늘 마당에서 같이 점심 드실 분?'],
    [jun, '저요. 빵은 제가 가져갈게요.'],
    [jun, '텃밭 소식도 올렸어요: https://example.com/garden'],
    [mina, '그럼 열두 시에,\n큰 나무 아래에서 만나요 🌷'],
  ]);
  await shoot(mina.page, 'room-korean');
});
