// A shopper's space: entered by a mailed link, read again while the network is really
// away, and gone from the device after leaving it or having oneself erased.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser, screens } from './browser.mjs';
import { startDemo } from './demo.mjs';
import { OwnShop, paused } from './ownshop.mjs';
import { faults, Person } from './person.mjs';

const email = 'odile@example.com';

let demo;
let browser;
let shop;
let order;
let odile;

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
  await paused(demo);
  shop = await OwnShop.opens(demo);
  order = await shop.packs(await shop.sells('home', { email }));
  odile = await Person.sits(browser, { name: 'Odile', ...screens[360] });
});

after(async () => {
  if (odile) odile.wrong = odile.wrong.filter((said) => !/ERR_INTERNET_DISCONNECTED|Failed to fetch/.test(said)); // that is what there was none of
  await odile?.leaves();
  await browser?.close();
  await demo?.stop();
});

// mailed waits for a letter to Odile with an address of a kind that was not used yet.
const used = new Set();
async function mailed(kind) {
  const page = await odile.context.newPage();
  try {
    for (;;) {
      await page.goto(`${demo.url}/monde/courrier`);
      const texts = await page.locator('.letter', { hasText: email }).locator('pre').allInnerTexts();
      const found = texts.flatMap((text) => text.match(new RegExp(`https?:\\S+/${kind}/\\S+`)) ?? []).find((link) => !used.has(link));
      if (found) return used.add(found) && found;
    }
  } finally {
    await page.close();
  }
}

const go = (path) => odile.page.goto(demo.url + path);

async function enters() {
  await go('/espace/entrer');
  await odile.type('#email', email);
  await odile.goes('form.fields button');
  await odile.page.goto(await mailed('espace/entrer'));
  await odile.goes('form button');
  assert.equal(new URL(odile.page.url()).pathname, '/espace');
}

// offline does something with the browser's network cut.
async function offline(what) {
  await odile.context.setOffline(true);
  try {
    await what();
  } finally {
    await odile.context.setOffline(false);
  }
}

const keptPages = () => odile.page.evaluate(async () => (await caches.has('promesse-client') ? (await (await caches.open('promesse-client')).keys()).length : 0));
const until = (n) => odile.page.waitForFunction(async (many) => await caches.has('promesse-client') && (await (await caches.open('promesse-client')).keys()).length >= many, n);

describe('a space', { concurrency: false }, () => {
  test('shows the orders of a shop that was agreed to', async () => {
    await enters();
    await odile.goes('form[action="/espace/boutiques"] button');
    await odile.page.goto(await mailed('lien'));
    await odile.goes('form button');
    await go('/espace');
    assert.match(await odile.says('main'), new RegExp(order.reference));
    assert.equal(await odile.page.locator('#as-of').isVisible(), false);
    assert.deepEqual(await faults(odile.page), []);
  });

  test('can be installed', async () => {
    const path = await odile.page.locator('link[rel=manifest]').getAttribute('href');
    const manifest = await (await odile.context.request.get(demo.url + path)).json();
    assert.equal(manifest.start_url, '/espace');
    for (const icon of manifest.icons) {
      const answer = await odile.context.request.get(demo.url + icon.src);
      assert.equal(answer.headers()['content-type'], 'image/png');
      assert.ok((await answer.body()).length > 300);
    }
  });

  test('is read again without network, with the instant at which it was read', async () => {
    await odile.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await go('/espace');
    await until(1);
    await odile.goes('a[href^="/espace/commande/"]');
    const path = new URL(odile.page.url()).pathname;
    assert.equal(path, order.page);
    await until(3); // the space, the way to the order, the order
    await offline(async () => {
      await go('/espace');
      assert.match(await odile.says('main'), new RegExp(order.reference));
      assert.match(await odile.says('#as-of'), /Sans réseau\s: vous relisez la page vue le \S+ \d+ \S+ \d{4}/);
      await odile.goes('a[href^="/espace/commande/"]');
      assert.equal(new URL(odile.page.url()).pathname, order.page);
      assert.match(await odile.says('#as-of'), /Sans réseau/);
      assert.match(await odile.says('main'), new RegExp(order.reference));
      await go(`${order.page}/ecrire`); // where one acts, nothing is kept
      assert.match(await odile.says('main'), /Pas de réseau/);
    });
  });

  test('leaves nothing on the device after signing out', async () => {
    await go('/espace');
    await odile.goes('form[action="/espace/sortir"] button');
    assert.equal(await keptPages(), 0);
    await offline(async () => {
      for (const path of ['/espace', order.page]) {
        await go(path);
        assert.match(await odile.says('main'), /Pas de réseau/);
      }
    });
    await go(order.page); // read by its link alone
    await go('/espace/entrer');
    assert.equal(await keptPages(), 0);
  });

  test('is not erased while a parcel is on its way', async () => {
    await enters();
    await until(1);
    await go('/espace/donnees/effacer');
    assert.match(await odile.says('main'), new RegExp(`La commande ${order.reference} est en route`));
    assert.equal(await odile.page.locator('form[action="/espace/donnees/effacer"]').count(), 0);
    assert.deepEqual(await faults(odile.page), []);
  });

  test('is erased, from the device too', async () => {
    await shop.tells(order, 'delivered');
    await go('/espace/donnees/effacer');
    await odile.choose('input[name=sure]');
    await odile.goes('form[action="/espace/donnees/effacer"] button');
    assert.match(await odile.says('main'), /a effacé vos données/);
    assert.equal(await keptPages(), 0);
    assert.equal((await go(order.page)).status(), 404);
    await go('/espace');
    assert.match(odile.page.url(), /\/espace\/entrer$/);
  });
});
