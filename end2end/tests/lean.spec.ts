// Views made with lean in the browser alone: nothing of them came from the server.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { type Page } from '@playwright/test';

import { expect, test as base } from '@playwright/test';

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = process.env.MADANG_HARNESS_DIR ?? path.resolve(here, '../../target/harness');
const types: Record<string, string> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

const index = `<!doctype html><meta charset="utf-8"><title>lean</title><body><script type="module">
  import init, { draw } from './lean_harness.js';
  await init();
  window.shown = draw();
</script>`;

declare global {
  interface Window {
    shown?: { setNumber(number: number): void; clicks(): string[] };
  }
}

/** The page with all views in it; a complaint in the console fails the test. */
const test = base.extend<{ views: Page }>({
  views: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
    await page.route('http://localhost/lean/**', async (route) => {
      const name = path.basename(new URL(route.request().url()).pathname);
      const file = path.join(folder, name);
      if (name === 'lean') {
        await route.fulfill({ contentType: 'text/html', body: index });
      } else if (existsSync(file)) {
        await route.fulfill({ contentType: types[path.extname(name)], body: await readFile(file) });
      } else {
        await route.fulfill({ status: 404 });
      }
    });
    await page.goto('http://localhost/lean/lean');
    await page.waitForFunction(() => window.shown);
    await use(page);
    expect(complaints).toEqual([]);
  },
});

const setNumber = (page: Page, number: number) => page.evaluate((number) => window.shown?.setNumber(number), number);

test('a picture is made of the elements that the HTML parser makes of it', async ({ views }) => {
  const picture = views.locator('#picture');
  const [made, parsed] = await picture.evaluate((picture) => {
    const names = (root: Element) =>
      [root, ...root.querySelectorAll('*')].map((element) => `${element.localName} ${element.namespaceURI}`);
    const page = new DOMParser().parseFromString(picture.outerHTML, 'text/html');
    return [names(picture), names(page.querySelector('#picture') as Element)];
  });
  expect(made).toEqual(parsed);
  const html = 'http://www.w3.org/1999/xhtml';
  const insideText = made.filter((name) => name === `a ${html}`);
  expect(insideText).toHaveLength(3);
  expect(made.filter((name) => /^(title|desc|foreignObject) /.test(name) && name.endsWith('/svg'))).toHaveLength(3);
  expect(made).toContain(`p ${html}`);
  expect((await views.locator('circle').boundingBox())?.width).toBeGreaterThan(0);
});

test('classes come and go in one attribute', async ({ views }) => {
  const classes = views.locator('#classes');
  await expect(classes).toHaveAttribute('class', 'a d e');
  await setNumber(views, 1);
  await expect(classes).toHaveAttribute('class', 'a d e b c');
  await setNumber(views, 2);
  await expect(classes).toHaveAttribute('class', 'a d e c');
});

test('a view that is replaced by one of the same place keeps its node, the focus and the selection', async ({ views }) => {
  const input = views.locator('#input');
  await input.fill('words that were typed');
  await input.evaluate((input: HTMLInputElement) => {
    input.setSelectionRange(6, 10);
    input.dataset.same = 'yes';
  });
  await setNumber(views, 3);
  const form = views.locator('#form');
  await expect(form).toHaveAttribute('data-number', '3');
  await expect(form).toHaveClass('odd');
  await expect(form).not.toHaveAttribute('title');
  await expect(views.locator('#words')).toHaveText('012');
  await expect(input).toBeFocused();
  await expect(input).toHaveAttribute('data-same', 'yes');
  await expect(input).toHaveAttribute('aria-label', 'for 3');
  expect(await input.evaluate((input: HTMLInputElement) => [input.value, input.selectionStart, input.selectionEnd])).toEqual([
    'words that were typed',
    6,
    10,
  ]);
  await setNumber(views, 0);
  await expect(form).toHaveAttribute('title', 'none');
  await expect(form).not.toHaveClass('odd');
  await expect(views.locator('#words')).toBeEmpty();
  await expect(input).toBeFocused();
});

test('a button of a view that was replaced does what the new one says, once', async ({ views }) => {
  await views.locator('#form button').click();
  await setNumber(views, 5);
  await expect(views.locator('#form button')).toHaveText('5');
  await views.locator('#form button').click();
  expect(await views.evaluate(() => window.shown?.clicks())).toEqual(['0', '5']);
  await setNumber(views, -1);
  await expect(views.locator('#form')).toHaveCount(0);
  await setNumber(views, 7);
  await views.locator('#form button').click();
  expect(await views.evaluate(() => window.shown?.clicks())).toEqual(['0', '5', '7']);
  await expect(views.locator('#button')).toHaveText('7');
});

test('a view of another place takes the place of what was there', async ({ views }) => {
  await views.locator('#arms input').fill('typed');
  await setNumber(views, 1);
  await expect(views.locator('#arms input')).toHaveClass('odd');
  await expect(views.locator('#arms input')).toHaveValue('');
});

test('a view that is rebuilt leaves an attribute alone that a person or a script has changed', async ({ views }) => {
  const openness = () =>
    views.locator('#kept details').evaluateAll((all) => all.map((details) => (details as HTMLDetailsElement).open));
  expect(await openness()).toEqual([false, true, true]);
  for (const id of ['closed', 'open', 'literal']) {
    await views.locator(`#${id} summary`).click();
  }
  await views.locator('#open').evaluate((details) => details.setAttribute('lang', 'ko'));
  await views.locator('#literal').evaluate((details) => details.setAttribute('title', 'other'));
  await views.locator('#closed').evaluate((details) => details.classList.remove('marked'));
  expect(await openness()).toEqual([true, false, false]);

  await setNumber(views, 1);
  await expect(views.locator('#form')).toHaveAttribute('data-number', '1');
  expect(await openness()).toEqual([true, false, false]);
  await expect(views.locator('#open')).toHaveAttribute('lang', 'ko');
  await expect(views.locator('#literal')).toHaveAttribute('title', 'other');
  await expect(views.locator('#closed')).not.toHaveClass('marked');

  // What the view itself says differently is written.
  await setNumber(views, -1);
  await expect(views.locator('#open')).not.toHaveAttribute('lang');
  await expect(views.locator('#literal')).not.toHaveAttribute('title');
  await setNumber(views, 2);
  await expect(views.locator('#open')).toHaveAttribute('lang', 'en');
  await expect(views.locator('#literal')).toHaveAttribute('title', 'same');
  await expect(views.locator('#closed')).toHaveClass('marked');
  expect(await openness()).toEqual([true, false, false]);
});

test('a node reference is set once for one node', async ({ views }) => {
  const kept = views.locator('#kept');
  await expect(kept).toHaveAttribute('data-set', '1');
  await setNumber(views, 1);
  await setNumber(views, 2);
  await expect(views.locator('#form')).toHaveAttribute('data-number', '2');
  // Effects run in microtasks, all of which have run once a task has.
  await views.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  await expect(kept).toHaveAttribute('data-set', '1');
});
