// Every page of a demo that lives: axe finds nothing at all, whatever the impact;
// nothing is smaller than a fingertip or wider than the screen. Each page in
// French on a telephone by day, and in another language, on another screen or by
// night, so that any two of these meet somewhere.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { openBrowser, screens } from './browser.mjs';
import { startDemo } from './demo.mjs';
import { paused } from './ownshop.mjs';
import { elsewhere, enters, explore, pages } from './pages.mjs';
import { faults } from './person.mjs';

const usual = { name: 'French, 360 px, by day', locale: 'fr-FR', colorScheme: 'light', ...screens[360] };
const others = [
  { name: 'English, 1280 px, by night', locale: 'en-GB', colorScheme: 'dark', ...screens[1280] },
  { name: 'English, 360 px, by night', locale: 'en-GB', colorScheme: 'dark', ...screens[360] },
  { name: 'French, 1280 px, by night', locale: 'fr-FR', colorScheme: 'dark', ...screens[1280] },
  { name: 'English, 1280 px, by day', locale: 'en-GB', colorScheme: 'light', ...screens[1280] },
];

let demo;
let browser;
let world;
const looks = new Map(); // by name: a page of that look, its owner signed in

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
  await fetch(`${demo.url}/monde/matin`, { method: 'POST', redirect: 'manual' });
  await fetch(`${demo.url}/monde/matin`, { method: 'POST', redirect: 'manual' });
  await paused(demo);
  for (const { name, ...options } of [usual, ...others]) {
    const page = await (await browser.newContext(options)).newPage();
    world ??= await explore(page, demo.url);
    await enters(page.context(), world);
    looks.set(name, page);
  }
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

for (const [i, { name, open }] of pages.entries()) {
  const other = others[i % others.length];
  test(`${name}: ${usual.name}; ${other.name}`, async () => {
    const wrong = [];
    for (const look of [usual, other]) {
      const page = looks.get(look.name);
      await open(page, world);
      wrong.push(...(await faults(page)).map((fault) => `${look.name}: ${fault}`));
    }
    assert.deepEqual(wrong, []);
  });
}

test('every page that can be opened is looked at', async () => {
  const routes = await readFile(new URL('../docs/routes.md', import.meta.url), 'utf8');
  const listed = [...routes.matchAll(/^\| GET \| (\S+) \| (?!.*`\/api)/gm)].map(([, path]) => path).filter((path) => !path.startsWith('/api/'));
  assert.ok(listed.length > 20, `only ${listed.length} routes`);
  const seen = new Set([...pages.map(({ route }) => route), ...Object.keys(elsewhere)]);
  assert.deepEqual(listed.filter((path) => !seen.has(path)), [], 'add them to pages.mjs, with a way to open them, or a reason not to');
  assert.deepEqual([...seen].filter((path) => !listed.includes(path)), [], 'these are gone');
});
