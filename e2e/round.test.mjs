// A courier's round: a device is let in, a courier signs in, and for a while there
// is no network. Twenty stops are done meanwhile, with names, a signature and a
// photo, the page is loaded again, the network comes back, and all is sent twice:
// twenty orders are delivered, once each.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser, screens } from './browser.mjs';
import { startDemo } from './demo.mjs';
import { OwnShop, paused } from './ownshop.mjs';
import { faults, Person } from './person.mjs';

const many = 20;
const pin = '271828';
const week = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0')); // whatever time it is in the world, there is a slot today

let demo;
let browser;
let shop;
let owner;
let link; // of the device
let orders;

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
  await paused(demo);
  shop = await OwnShop.opens(demo);
  const windows = week.flatMap((weekday) => hours.map((from) => ({ weekday, from: `${from}:00`, until: `${from}:59`, capacity: 100 })));
  await shop.api('PUT', `/services/${shop.slot.service}/slots`, { windows });
  orders = [];
  for (let i = 0; i < many + 2; i++) orders.push(await shop.packs(await shop.sells('slot', { email: `s${i}@example.com` })));
  owner = await Person.sits(browser, { name: 'the owner', ...screens[1280] });
  await owner.context.request.post(`${demo.url}/console/guest`, { form: { shop: shop.id, set: 'owner', to: '/console/' } });
});

after(async () => {
  await owner?.leaves();
  await browser?.close();
  await demo?.stop();
});

const settings = () => owner.page.goto(`${demo.url}/console/settings/rounds`);

describe('a round', { concurrency: false }, () => {
  let courier;

  before(async () => { courier = await Person.sits(browser, { name: 'the courier', ...screens[360] }); });
  after(() => {
    courier.wrong = courier.wrong.filter((said) => !/ERR_INTERNET_DISCONNECTED/.test(said)); // that is what there was none of
    return courier.leaves();
  });

  const home = () => courier.page.goto(`${demo.url}/tournee/`);
  const queued = () => courier.page.evaluate(() => new Promise((done) => {
    const asked = indexedDB.open('promesse-tournee', 1);
    asked.onsuccess = () => {
      const all = asked.result.transaction('deeds').objectStore('deeds').getAll();
      all.onsuccess = () => done(all.result.map((d) => ({ ...d, fields: d.fields.filter(([, v]) => typeof v === 'string') })));
    };
  }));

  test('is composed in the console, by slot', async () => {
    await settings();
    await owner.page.fill('#courier-name', 'Samir');
    await owner.page.fill('#courier-pin', pin);
    await owner.goes('#employ');
    await owner.page.selectOption('#rest', { label: 'Samir' });
    await owner.goes('#compose');
    assert.match(await owner.says('main'), /Les tournées sont gardées/);
    await owner.page.fill('#device-name', 'La camionnette');
    await owner.goes('#invite');
    link = await owner.page.locator('#device-link').innerText();
    assert.deepEqual(await faults(owner.page), []);
  });

  test('is for a device that was let in, and a courier with a PIN', async () => {
    await home();
    assert.match(courier.page.url(), /\/tournee\/appareil$/);
    await courier.page.goto(link);
    await courier.goes('#enrol');
    await courier.page.fill('#pin', '111112');
    await courier.goes('form .big');
    assert.match(await courier.says('main'), /il reste 4 essais/);
    await courier.page.fill('#pin', pin);
    await courier.goes('form .big');
    assert.match(await courier.says('main'), new RegExp(`${many + 2} arrêts à faire`));
    await courier.page.waitForFunction(() => navigator.serviceWorker.ready.then(() => true));
  });

  test('says what coming early breaks, asks the shopper, and hears the answer', async () => {
    await home();
    await courier.goes('.next a');
    assert.match(await courier.says('main'), /rompt la promesse faite au client/);
    assert.equal(await courier.page.locator('#too-early').isVisible(), true);
    await courier.press('#ask summary');
    await courier.goes('#ask-early');
    assert.match(await courier.says('#early'), /pas encore de réponse/);
    const stop = courier.page.url();
    const shopper = await Person.sits(browser, { name: 'the shopper', ...screens[360] });
    const folded = (number) => number.replaceAll(/[\s-]/g, '');
    const number = folded(await courier.says('.numbers'));
    await shopper.page.goto(`${demo.url}${orders.find((o) => folded(o.number) === number).page}`);
    assert.match((await shopper.says('.fetch .code')).replaceAll(/\s/g, ''), /^\d{6}$/);
    await shopper.goes('button[value=no]');
    await shopper.leaves();
    await courier.page.locator('#early', { hasText: 'Le client refuse' }).waitFor();
    assert.equal(courier.page.url(), stop);
    assert.equal(await courier.page.locator('#too-early').isVisible(), true);
  });

  test('keeps twenty stops without network, over a new load, and has one effect each', async () => {
    await home();
    await courier.page.locator('html[data-held]').waitFor({ state: 'attached' });
    const stops = await courier.page.locator('.stops a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    const doors = stops.slice(-many);
    await courier.context.setOffline(true);
    for (const [i, path] of doors.entries()) {
      await courier.page.goto(demo.url + path); // what was kept at hand
      assert.match(await courier.says('main'), /Huile d'olive/);
      const early = courier.page.locator('input[name=meant]');
      if (await early.isVisible()) await early.check(); // by this machine's clock, which is not the world's
      if (i === 0) {
        await courier.page.setInputFiles('#photo', { name: 'x.png', mimeType: 'image/png', buffer: await courier.page.screenshot() });
      } else if (i === 1) {
        await courier.page.locator('#pad').scrollIntoViewIfNeeded();
        const pad = await courier.page.locator('#pad').boundingBox();
        await courier.page.mouse.move(pad.x + 20, pad.y + 20);
        await courier.page.mouse.down();
        await courier.page.mouse.move(pad.x + 120, pad.y + 60, { steps: 5 });
        await courier.page.mouse.up();
      } else {
        await courier.page.fill('#signed_by', 'Camille');
      }
      await courier.page.click('#delivered');
      await courier.page.locator('#queue-count', { hasText: `${i + 1} à envoyer` }).waitFor();
    }
    await courier.page.reload();
    await courier.page.locator('#queue-count', { hasText: `${many} à envoyer` }).waitFor();
    assert.equal(await courier.page.locator('.waits').count(), many);
    const kept = await queued();
    await courier.context.setOffline(false);
    await home();
    await courier.page.waitForFunction((n) => document.querySelectorAll('#queue-answers .good').length === n, many);
    await home();
    assert.match(await courier.says('main'), /2 arrêts à faire/);
    const again = await courier.page.evaluate(async (deeds) => {
      const tones = [];
      for (const deed of deeds) {
        const body = new FormData();
        for (const [name, value] of deed.fields) body.append(name, value);
        for (const [name, value] of Object.entries({ stop: deed.stop, shift: deed.shift, said: deed.said, sent: Date.now() * 1000 })) body.append(name, String(value));
        tones.push((await (await fetch('/tournee/envoi', { method: 'POST', body })).json()).tone);
      }
      return tones;
    }, kept.filter((d) => d.fields.some(([name, value]) => name === 'signed_by' && value !== ''))); // pictures were left out above
    assert.deepEqual(new Set(again), new Set(['good']));
    let delivered = 0;
    for (const order of orders) {
      const { parcels } = await shop.api('GET', `/orders/${order.id}`);
      delivered += parcels.filter((p) => p.status === 'delivered').length;
    }
    assert.equal(delivered, many);
    await settings();
    assert.equal(await owner.page.locator('a[href*="/proofs/"]').count(), 2);
  });

  test('forgets its pages when it is over', async () => {
    await home();
    await courier.goes('#end');
    await courier.page.waitForFunction(() => caches.has('promesse-tournee pages').then((there) => !there));
  });

  test('is looked at by axe', async () => {
    await courier.page.fill('#pin', pin);
    await courier.goes('form .big');
    const stop = await courier.page.locator('.next a').getAttribute('href');
    for (const path of ['/tournee/', stop, '/tournee/service', '/tournee/hors-ligne', '/tournee/appareil']) {
      await courier.page.goto(demo.url + path);
      assert.deepEqual(await faults(courier.page), [], path);
    }
  });
});
