// The gallery: every state of every page, where axe must find nothing at all, on a
// telephone in French by day and at a desk in English by night.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import { openBrowser, screens } from './browser.mjs';
import { startDemo } from './demo.mjs';

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

// found is all that axe has to say, and a page that scrolls sideways.
async function found(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { iframes: false, preload: false, resultTypes: ['violations'] }));
  const all = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  if (needed > given) all.push(`it is ${needed} px wide on a screen of ${given} px`);
  return all;
}

// Both at once: each has a process of its own in the browser.
describe('the gallery', { concurrency: 2 }, () => {
  for (const [width, lang, scheme] of [['360', 'fr', 'light'], ['1280', 'en', 'dark']]) {
    describe(`the gallery at ${width} px, ${lang}, ${scheme}`, { concurrency: 1 }, () => {
      let context;
      let page;
      const wrong = [];
      before(async () => {
        context = await browser.newContext({ ...screens[width], colorScheme: scheme });
        page = await context.newPage();
        page.on('console', (message) => {
          if (message.type() === 'error') wrong.push(`${page.url()}: ${message.text()}`);
        });
        page.on('pageerror', (error) => wrong.push(`${page.url()}: ${error.message}`));
        page.on('response', (answer) => {
          if (answer.status() >= 400) wrong.push(`${answer.status()} ${answer.url()}`);
        });
        await page.goto(`${demo.url}/galerie?lang=${lang}`);
      });
      after(() => context?.close());

      test('keeps nobody out, and does not scroll sideways', async () => {
        assert.equal(await page.locator('html').getAttribute('lang'), lang);
        assert.deepEqual(await found(page), []);
      });

      test('gives each frame the height of its page', async () => {
        const frame = page.locator('iframe').first();
        await frame.scrollIntoViewIfNeeded();
        await page.waitForFunction(() => {
          const first = document.querySelector('iframe');
          const inside = first.contentDocument?.documentElement.scrollHeight ?? 0;
          return inside > 0 && Math.abs(first.clientHeight - inside) <= 2;
        });
      });

      test('shows states that keep nobody out', async () => {
        const states = await page.locator('iframe').evaluateAll((all) => all.map((frame) => frame.src));
        assert.ok(states.length > 100, `only ${states.length} frames`);
        const all = [];
        for (const state of states.filter((src) => src.includes('/etat/'))) {
          await page.goto(state);
          for (const fault of await found(page)) all.push(`${new URL(state).pathname}: ${fault}`);
        }
        assert.deepEqual(all, []);
      });

      test('meets no error', () => assert.deepEqual(wrong, []));
    });
  }
});
