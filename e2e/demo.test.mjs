// The demo as a person meets it: the list of orders and one order's page, on a
// telephone and on a desk, with and without script.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser, screens } from './browser.mjs';
import { startDemo } from './demo.mjs';
import { faults } from './person.mjs';

const order = 'main a[href^="/p/"]';
const pages = ['the list of orders', "one order's page"];

let demo;
let browser;

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

// visit opens a page in a fresh context and gathers what goes wrong on the way.
async function visit(name, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => wrong.push(`script: ${error.message}`));
  page.on('response', (answer) => {
    if (answer.status() >= 400) wrong.push(`${answer.status()} ${answer.url()}`);
  });
  await page.goto(`${demo.url}/`);
  if (name !== pages[0]) {
    await page.locator(order).first().click();
    await page.waitForURL('**/p/*');
  }
  return { page, wrong, close: () => context.close() };
}

for (const [width, screen] of Object.entries(screens)) {
  for (const name of pages) {
    describe(`${name} at ${width} px`, () => {
      let seen;
      before(async () => { seen = await visit(name, screen); });
      after(() => seen?.close());

      test('says what it is', async () => {
        assert.notEqual((await seen.page.title()).trim(), '', 'the page has no title');
        assert.notEqual((await seen.page.locator('main').innerText()).trim(), '', 'main is empty');
      });

      test('keeps nobody out, and hinders nobody', async () => {
        assert.equal(await seen.page.evaluate(() => window.innerWidth), Number(width), 'the page is not laid out at the width of the screen');
        assert.deepEqual(await faults(seen.page), []);
      });

      test('meets no error', () => {
        assert.deepEqual(seen.wrong, []);
      });
    });
  }
}

test('orders are listed and open without script', async () => {
  const { page, close } = await visit(pages[1], { ...screens[360], javaScriptEnabled: false });
  try {
    assert.match(page.url(), /\/p\/[^/]+$/);
    assert.notEqual((await page.locator('main').innerText()).trim(), '');
  } finally {
    await close();
  }
});

test('a link nobody was given opens nothing', async () => {
  const answer = await fetch(`${demo.url}/p/0000000000000000000000000`);
  assert.equal(answer.status, 404);
});
