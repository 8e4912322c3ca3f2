// An order's page, lived with: with script, without it, and by keyboard alone.
// The orders are those of a shop of the test's own; the world stands still.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { openBrowser, screens } from './browser.mjs';
import { startDemo } from './demo.mjs';
import { letter, OwnShop, paused } from './ownshop.mjs';
import { Person, people } from './person.mjs';

let demo;
let browser;
let shop;

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
  await paused(demo);
  shop = await OwnShop.opens(demo);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

// lives opens a page for somebody, and closes it when all is done.
async function lives(who, path, life) {
  const person = await Person.sits(browser, who);
  try {
    await person.page.goto(`${demo.url}${path}`);
    await life(person);
  } finally {
    await person.leaves();
  }
}

const story = async (order) => (await fetch(`${demo.url}/api/v1/tracking/${order.page.split('/').at(-1)}?lang=fr`)).json();
const repaired = '.card.repaired';

for (const who of people) {
  describe(`an order's page ${who.name}`, () => {
    test('says what was promised', async () => {
      const order = await shop.sells('slot');
      await lives(who, order.page, async (person) => {
        assert.match(await person.says('h1 .window'), /entre 14:00 et 16:00|14:00\s*–\s*16:00/);
        const { promise } = await story(order);
        assert.ok((await person.says('.promise')).includes(promise.badge));
        assert.equal(await person.page.locator('meta[name=robots][content*=noindex]').count(), 1);
      });
    });

    test('takes a missing article at its word: the delivery is credited once', async () => {
      const order = await shop.tells(await shop.packs(await shop.sells('home')), 'delivered');
      await lives(who, order.page, async (person) => {
        assert.equal(await person.page.locator(repaired).count(), 0);
        await person.goes('a[href*="/missing"]');
        await person.type('input[type=number]', '9');
        await person.goes('form.fields button');
        await person.refused('input[type=number]');
        await person.type('input[type=number]', '2');
        await person.goes('form.fields button');
        await person.page.locator(repaired).waitFor();
        assert.match(await person.says(repaired), /5,90/);
        const form = person.page.url();
        await person.page.goto(form.replace('/missing', ''));
        assert.equal(await person.page.locator(repaired).count(), 1);
        await person.page.goto(form);
        await person.type('input[type=number]', '2'); // the others too
        await person.goes('form.fields button');
        await person.page.goto(form.replace('/missing', ''));
        assert.equal(await person.page.locator(repaired).count(), 1, 'credited again');
      });
      const { remedies } = await shop.api('GET', `/orders/${order.id}`);
      assert.equal(remedies.length, 1);
    });

    for (const [answer, button, accepted] of [['no', '#early-no', false], ['yes', '#early-yes', true]]) {
      test(`answers a courier who could come early: ${answer}`, async () => {
        const order = await shop.packs(await shop.sells('slot'));
        await shop.api('POST', `/orders/${order.id}/early`, { at: new Date(Date.parse(order.from) - 40 * 60_000).toISOString() });
        await lives(who, order.page, async (person) => {
          const before = await person.says();
          await person.goes(button);
          assert.equal(await person.page.locator('#early-yes, #early-no').count(), 0, 'it is asked again');
          assert.notEqual(await person.says(), before);
        });
        const { state } = await shop.api('GET', `/orders/${order.id}/early`);
        assert.equal(state, accepted ? 'accepted' : 'refused');
      });
    }

    test('is cancelled by the code that was e-mailed', async () => {
      const email = `${who.name.replaceAll(/\W+/g, '-').toLowerCase()}@example.com`;
      const order = await shop.sells('home', { email });
      await lives(who, order.page, async (person) => {
        await person.goes('a[href*="/cancel"]');
        await person.goes('form[action*="code"] button');
        const code = await letter(person, demo, email);
        await person.type('#code', code === '000000' ? '111111' : '000000');
        await person.goes('form.fields button');
        await person.refused('#code');
        assert.equal((await shop.api('GET', `/orders/${order.id}`)).state, 'placed');
        await person.type('#code', code);
        await person.goes('form.fields button');
        assert.match(await person.says(), /annulée/);
      });
      assert.equal((await shop.api('GET', `/orders/${order.id}`)).state, 'cancelled');
    });

    test('gives the delivery to a calendar', async () => {
      const order = await shop.sells('slot');
      await lives(who, order.page, async (person) => {
        const download = person.page.waitForEvent('download');
        await person.press('a[href*="delivery.ics"]');
        const file = await readFile(await (await download).path(), 'utf8');
        assert.match(file, /^BEGIN:VCALENDAR\r\n/);
        assert.match(file, /\r\nDTSTART:\d{8}T\d{6}Z\r\n/);
        assert.ok(!file.includes(order.page.split('/').at(-1)), 'the file holds the link');
      });
    });

    test('is found by number and postcode, and tells no more than where it is', async () => {
      const order = await shop.tells(await shop.packs(await shop.sells('home')), 'in_transit');
      await lives(who, '/suivi', async (person) => {
        await person.goes('form.fields button');
        await person.refused('#number');
        await person.refused('#postcode');
        await person.type('#number', order.number);
        await person.type('#postcode', '75001');
        await person.goes('form.fields button');
        const none = await person.says('[role=alert]');
        await person.type('#number', 'NOBODY-1');
        await person.type('#postcode', '69003');
        await person.goes('form.fields button');
        assert.equal(await person.says('[role=alert]'), none, 'a wrong postcode reads unlike an unknown number');
        await person.type('#number', order.number);
        await person.goes('form.fields button');
        const found = await person.says('.promise');
        assert.notEqual(found.trim(), '');
        for (const secret of ['Camille', 'Durand', 'Lilas', 'Lyon', 'example.com', 'Huile']) {
          assert.ok(!(await person.says()).includes(secret), `the look-up tells ${secret}`);
        }
      });
    });
  });
}

test('the page changes by itself while the world goes on, and stays the same page', async () => {
  const order = await shop.packs(await shop.sells('home'));
  await lives({ name: 'with script', ...screens[360] }, order.page, async (person) => {
    await person.page.evaluate(() => { window.stays = true; });
    const before = await person.page.locator('main').getAttribute('data-version');
    await shop.tells(order, 'out_for_delivery');
    await person.page.waitForFunction((v) => document.querySelector('main').dataset.version !== v, before);
    assert.match(await person.says(), /[Ee]n cours de livraison/);
    assert.equal(await person.page.evaluate(() => window.stays), true, 'the page was loaded again');
    await shop.tells(order, 'delivered');
    await person.page.waitForFunction(() => document.querySelector('#news').textContent.trim() !== ''); // said aloud
  });
});

test('a link nobody was given opens nothing', async () => {
  await lives({ name: 'anybody', ...screens[360] }, '/p/0000000000000000000000', async (person) => {
    assert.notEqual((await person.says('main p')).trim(), '');
    assert.equal((await fetch(person.page.url())).status, 404);
  });
});
