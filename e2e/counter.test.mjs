// The counter of a store: a device is let in, a clerk signs in, and for a while
// there is no network. Twenty deliveries are scanned meanwhile, the page is loaded
// again, the network comes back, and all is sent twice: twenty parcels wait.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser, screens } from './browser.mjs';
import { startDemo } from './demo.mjs';
import { OwnShop, paused } from './ownshop.mjs';
import { faults, Person } from './person.mjs';

const many = 20;
const pin = '271828';
const week = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

let demo;
let browser;
let shop;
let link; // of the device

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
  await paused(demo);
  shop = await OwnShop.opens(demo);
  await collects();
  link = await letsIn();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

// collects gives the shop a store, and a service that brings parcels there.
async function collects() {
  await shop.api('PUT', '/stores', {
    code: 'LILAS', name: 'Atelier des Lilas', street: '3 rue des Lilas', postcode: '69003', city: 'Lyon', country: 'FR',
    services: ['collect', 'send'], hours: 'Mo-Su 00:00-24:00', zone: 'Europe/Paris',
  });
  const { id } = await shop.api('POST', '/connections', { adapter: 'simulated', name: 'Nos navettes', zone: 'Europe/Paris', grace_seconds: 3600 });
  const service = await shop.api('POST', '/services', {
    carrier: id, name: 'En magasin', mode: 'store', countries: ['FR'], collects: week, delivers: week, region: 'FR',
    standards: [{ days: 1, class: 'agglomeration' }, { days: 2, class: 'elsewhere' }],
  });
  await shop.api('POST', '/tariffs', { service: service.id, price: { minor: 0, currency: 'EUR' } });
  const { items } = await shop.api('GET', '/stores');
  shop.store = { carrier: id, service: service.id, point: items[0].id };
}

// letsIn has the owner let a device and a clerk in, and answers the device's link.
async function letsIn() {
  const owner = await Person.sits(browser, { name: 'the owner', ...screens[1280] });
  await owner.context.request.post(`${demo.url}/console/guest`, { form: { shop: shop.id, set: 'owner', to: '/console/' } });
  await owner.page.goto(`${demo.url}/console/settings/counters`);
  await owner.page.fill('#clerk-point', 'LILAS');
  await owner.page.fill('#clerk-name', 'Nadia');
  await owner.page.fill('#clerk-pin', pin);
  await owner.goes('#employ');
  await owner.page.fill('#device-point', 'LILAS');
  await owner.page.fill('#device-name', 'La tablette');
  await owner.goes('#invite');
  const shown = await owner.page.locator('#device-link').innerText();
  await owner.leaves();
  return shown;
}

describe('the counter', { concurrency: false }, () => {
  let clerk;
  let parcels;

  before(async () => {
    clerk = await Person.sits(browser, { name: 'the clerk', ...screens[360] });
    parcels = [];
    for (let i = 0; i < many; i++) parcels.push(await shop.packs(await shop.sells('store', { email: `s${i}@example.com` })));
  });
  after(() => {
    clerk.wrong = clerk.wrong.filter((said) => !/ERR_INTERNET_DISCONNECTED/.test(said)); // that is what there was none of
    return clerk.leaves();
  });

  const waiting = async () => {
    await clerk.page.goto(`${demo.url}/comptoir/colis`);
    return clerk.page.locator('.shelf > li').count();
  };

  test('lets a device in once, and a clerk by PIN', async () => {
    await clerk.page.goto(`${demo.url}/comptoir/`);
    assert.match(clerk.page.url(), /\/comptoir\/appareil$/);
    await clerk.page.goto(link);
    await clerk.goes('#enrol');
    await clerk.page.fill('#pin', '111112');
    await clerk.goes('form .big');
    assert.match(await clerk.says('main'), /il reste 4 essais/);
    await clerk.page.fill('#pin', pin);
    await clerk.goes('form .big');
    assert.match(clerk.page.url(), /\/comptoir\/$/);
    await clerk.page.waitForFunction(() => navigator.serviceWorker.ready.then(() => true));
  });

  test('keeps twenty scans without network, over a new load, and has one effect each', async () => {
    await clerk.page.goto(`${demo.url}/comptoir/`);
    await clerk.context.setOffline(true);
    for (const [i, p] of parcels.entries()) {
      if (i === many / 2) await clerk.page.goto(`${demo.url}/comptoir/`); // what the worker kept
      await clerk.page.fill('#code', p.number);
      await clerk.page.keyboard.press('Enter');
      await clerk.page.locator('.slip', { hasText: p.number }).waitFor();
    }
    await clerk.page.reload();
    await clerk.page.locator('#queue-count', { hasText: `${many} à envoyer` }).waitFor();
    const kept = await clerk.page.evaluate(() => new Promise((done) => {
      const asked = indexedDB.open('promesse-comptoir', 1);
      asked.onsuccess = () => {
        const all = asked.result.transaction('scans').objectStore('scans').getAll();
        all.onsuccess = () => done(all.result);
      };
    }));
    assert.equal(kept.length, many);
    await clerk.context.setOffline(false);
    await clerk.page.goto(`${demo.url}/comptoir/`);
    await clerk.page.waitForFunction((n) => document.querySelectorAll('#queue-answers .good').length === n, many);
    assert.equal(await waiting(), many);
    await clerk.page.goto(`${demo.url}/comptoir/`);
    const again = await clerk.page.evaluate(async (scans) => {
      const body = new URLSearchParams({ sent: String(Date.now() * 1000), scans: JSON.stringify(scans) });
      return (await (await fetch('/comptoir/envoi', { method: 'POST', body })).json()).answers;
    }, kept);
    assert.deepEqual(new Set(again.map((a) => `${a.done} ${a.tone}`)), new Set(['true good']));
    assert.equal(await waiting(), many);
  });

  test('hands a parcel over by the code on its order\'s page, once', async () => {
    const shopper = await Person.sits(browser, { name: 'the shopper', ...screens[360] });
    await shopper.page.goto(`${demo.url}${parcels[0].page}`);
    const code = await shopper.says('.fetch .code');
    assert.match(code.replaceAll(/\s/g, ''), /^\d{6}$/);
    await shopper.leaves();
    await clerk.page.goto(`${demo.url}/comptoir/`);
    await clerk.page.fill('#code', parcels[0].number);
    await clerk.goes('#scan .button');
    await clerk.page.fill('#shown', code);
    await clerk.goes('#hand-over');
    assert.match(await clerk.says('main'), /Colis remis/);
    await clerk.goes('.face');
    assert.match(await clerk.says('main'), /Merci de votre avis/);
    assert.equal(await waiting(), many - 1);
  });

  test('is looked at by axe', async () => {
    for (const path of ['', 'colis', 'apprendre', 'apprendre/deposit', 'apprendre/offline', 'service', 'hors-ligne', 'appareil']) {
      await clerk.page.goto(`${demo.url}/comptoir/${path}`);
      assert.deepEqual(await faults(clerk.page), [], path);
    }
  });
});
