// The console, worked in: with script, without it, and by keyboard alone. The
// orders are those of a shop of the test's own, some of them past their hour;
// the world stands still meanwhile.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser, screens } from './browser.mjs';
import { startDemo } from './demo.mjs';
import { letter, OwnShop, paused } from './ownshop.mjs';
import { Person, people } from './person.mjs';

// Nothing is repaired by itself in this shop: somebody decides.
const policy = '{"thresholds": [duration("30m")], "caps": {}, "grants": [], "otherwise": "within_tolerance"}';

let demo;
let browser;
let shop;
let late; // orders past their hour, by who will work on them

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
  await paused(demo);
  shop = await OwnShop.opens(demo, { carrier: { inquiries: 'https://flash-24.example/questions' } });
  await shop.api('PUT', '/policies/remedy', { source: policy });
  late = [];
  for (const { name } of people) {
    late.push(...await Promise.all(['tell', 'ask', 'repair', 'reship', 'lack'].map(async (what) => ({
      ...await shop.packs(await shop.sells('slot', { email: `${what}@example.com` })), what, name,
    }))));
  }
  const { status } = await fetch(`${demo.url}/monde/matin`, { method: 'POST', redirect: 'manual' });
  assert.equal(status, 303);
  await shop.sells('home', { email: 'new@example.com' });
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

// enters signs somebody in with one click, as who has a set of rights in the shop.
async function enters(person, to, into = shop.id) {
  const door = `form:has(input[value="${to}"])`;
  await person.page.goto(`${demo.url}/`);
  if (into) await person.page.locator(`${door} select`).selectOption(into);
  await person.goes(`${door} button`);
  await person.page.waitForURL(`**${to}`);
}

const of = (what, { name }) => late.find((o) => o.what === what && o.name === name);
const row = (order) => `.queue > li:has(a:text-is("${order.reference}"))`;
const main = (person) => person.says('main');

for (const who of people) {
  describe(`the console ${who.name}`, { concurrency: false }, () => {
    let person;
    const go = (path) => person.page.goto(`${demo.url}${path}`);

    before(async () => { person = await Person.sits(browser, who); });
    after(async () => {
      await Promise.all(late.filter((o) => o.name === who.name && o.what !== 'reship').map((o) => shop.tells(o, 'delivered'))); // the queue of who comes next is short
      await person?.leaves();
    });

    test('is entered by an e-mailed link, once, and by nobody who only opens it', async () => {
      await go('/console/orders');
      assert.match(person.page.url(), /\/console\/sign-in$/);
      await person.type('#email', 'nobody@elsewhere.example');
      await person.goes('form.form button');
      const told = (await main(person)).replaceAll('nobody@elsewhere.example', '…');
      await go('/console/sign-in');
      await person.type('#email', shop.owner);
      await person.goes('form.form button');
      assert.equal((await main(person)).replaceAll(shop.owner, '…'), told, 'the page tells who works there');
      const link = await letter(person, demo, shop.owner);
      await person.page.goto(link);
      assert.equal((await person.context.cookies()).length, 0, 'opening the link signs in');
      await person.goes('main form button');
      assert.match(person.page.url(), /\/console\/$/);
      const other = await Person.sits(browser, who);
      await other.page.goto(link);
      assert.equal(await other.page.locator('main form').count(), 0, 'the link opens twice');
      await other.leaves();
    });

    test('is left, and then closed', async () => {
      await go('/console/account');
      await person.goes('form[action$="/leave"] button');
      await go('/console/orders');
      assert.match(person.page.url(), /\/console\/sign-in$/);
    });

    test('is entered with one click as the owner', async () => {
      await enters(person, '/console/board');
      const places = await person.page.locator('.nav a').count();
      assert.ok(places >= 8, `${places} pages`);
    });

    test('has a queue in which each action does what it says', async () => {
      await go('/console/queue');
      const tell = of('tell', who);
      const before = await person.says(row(tell));
      await person.goes(`${row(tell)} form[action$="/tell"] button`);
      await person.page.locator('[role=status]').first().waitFor();
      assert.notEqual(await person.says(row(tell)), before, 'nothing is seen of what was told');

      const ask = of('ask', who);
      await person.goes(`${row(ask)} form[action$="/ask"] button`);
      await person.page.locator('[role=status]').first().waitFor();
      while (!/prioritaire/.test(await person.says(row(ask)))) await person.page.reload();

      const repair = of('repair', who);
      await person.goes(`${row(repair)} form[action$="/repair"] button`);
      assert.match(await person.says('[role=status]'), /crédit/i);
      assert.equal(await person.page.locator(`${row(repair)} form[action$="/repair"]`).count(), 0, 'it can be repaired twice');
      const { remedies } = await shop.api('GET', `/orders/${repair.id}`);
      assert.deepEqual(remedies.map((r) => [r.state, r.grants.map((g) => g.amount.minor)]), [['granted', [590]]]);

      const reship = of('reship', who);
      await person.press(`${row(reship)} summary`);
      await person.type(`${row(reship)} input[name=number]`, reship.number);
      await person.goes(`${row(reship)} form[action$="/reship"] button`);
      assert.notEqual((await person.says('[role=alert]')).trim(), '', 'the same number is taken');
      await person.press(`${row(reship)} summary`);
      await person.type(`${row(reship)} input[name=number]`, `${reship.number}-2`);
      await person.goes(`${row(reship)} form[action$="/reship"] button`);
      await person.page.locator('[role=status]').first().waitFor();
      const { parcels } = await shop.api('GET', `/orders/${reship.id}`);
      assert.equal(parcels.length, 2);
    });

    test('shows an order with all that happened to it, and takes down what is missing', async () => {
      await go('/console/orders');
      await person.type('#q', of('lack', who).reference);
      await person.goes('form.search button');
      await person.goes(`.rows a:text-is("${of('lack', who).reference}")`);
      assert.ok(await person.page.locator('.line li').count() >= 3, 'no story');
      assert.ok(await person.page.locator('.part dl.facts dd').count() > 0, 'no facts');
      const fresh = await shop.sells('home', { email: 'lack@example.com' });
      await go(`/console/orders/${fresh.id}`);
      await person.press('details:has(form[action$="/missing"]) summary');
      await person.type('form[action$="/missing"] input[type=number]', '1');
      await person.goes('form[action$="/missing"] button');
      await person.page.locator('[role=status]').first().waitFor();
      const { shortages } = await shop.api('GET', `/orders/${fresh.id}`);
      assert.equal(shortages.length, 1);
    });

    test('has a board whose pictures are tables too', async () => {
      await go('/console/board');
      const charts = await person.page.locator('main section:has(svg.chart)').all();
      assert.ok(charts.length > 0, 'no chart');
      for (const chart of charts) {
        assert.ok(await chart.locator('tbody tr').count() > 0, 'a chart without its numbers');
        assert.notEqual(((await chart.locator('svg.chart').getAttribute('aria-label')) ?? '').trim(), '');
      }
      await person.goes('nav.choices a:not([aria-current])');
      for (const choices of await person.page.locator('nav.choices').all()) assert.equal(await choices.locator('a[aria-current]').count(), 1);
    });

    test('shows a message as it was sent', async () => {
      await go('/console/outbox?state=sent');
      while (await person.page.locator('.rows a').count() === 0) await person.page.reload();
      await person.goes('.rows a');
      assert.ok(await person.page.frameLocator('iframe.letter').locator('body').innerText() !== '');
      assert.notEqual((await person.says('pre.words')).trim(), '');
      assert.match(await person.says('dl.facts'), /@example\.com/);
    });

    test('shows the rules in force', async () => {
      await go('/console/policy');
      assert.match(await main(person), /within_tolerance|30m/);
    });

    test('issues a key for the shop\'s pages, and takes it back', async () => {
      const label = `Boutique ${people.indexOf(who)}`;
      await go('/console/settings/keys');
      await person.type('#label', label);
      await person.type('#origins', 'nowhere');
      await person.goes('form:has(#origins) button');
      await person.refused('#origins');
      await person.type('#origins', 'https://lilas.example');
      await person.goes('form:has(#origins) button');
      const part = `.part:has(h3:text-is("${label}"))`;
      const key = await person.says(`${part} code`);
      const asks = () => fetch(`${demo.url}/api/v1/quotes`, {
        method: 'POST', headers: { Authorization: `Bearer ${key}`, Origin: 'https://lilas.example', 'Content-Type': 'application/json' },
        body: JSON.stringify({ destination: { country: 'FR', postcode: '69003' }, lines: [{ sku: 'A', name: 'A', units: 1, unit_price: { minor: 100, currency: 'EUR' }, grams: 100 }] }),
      });
      assert.equal((await asks()).status, 200);
      await person.press(`${part} summary`);
      await person.goes(`${part} form button`);
      assert.equal(await person.page.locator(`${part} form`).count(), 0);
      assert.equal((await asks()).status, 401);
    });

    test('lets somebody in, and shows them out', async () => {
      const email = `sam${people.indexOf(who)}@lilas.example`;
      await go('/console/settings/staff');
      await person.page.locator('form:has(#email)').evaluate((f) => { f.noValidate = true; });
      await person.type('#name', 'Sam');
      await person.type('#email', 'sam');
      await person.goes('form:has(#email) .button');
      await person.refused('#email');
      await person.type('#email', email);
      await person.choose('form:has(#email) input[value=viewer]');
      await person.goes('form:has(#email) .button');
      const part = `.part:has(p:text-is("${email}"))`;
      await person.page.locator(part).waitFor();
      await person.press(`${part} summary`);
      await person.choose(`${part} input[value=agent]`);
      await person.goes(`${part} form.form button`);
      assert.match(await person.says(part), /Service client/);

      const agent = await Person.sits(browser, who);
      await enters(agent, '/console/queue');
      assert.equal(await agent.page.locator('.nav a[href*="settings"]').count(), 0, 'an agent is led to the settings');
      const refused = await agent.page.goto(`${demo.url}/console/settings/staff`);
      assert.equal(refused.status(), 403);
      assert.notEqual((await agent.says('main p')).trim(), '');
      const forced = await agent.context.request.post(`${demo.url}/console/settings/staff`, { form: { email: 'kim@lilas.example', name: 'Kim', set: 'owner' } });
      assert.equal(forced.status(), 403);

      await person.press(`${part} summary`);
      await person.goes(`${part} form[action$="/leave"] button`);
      assert.equal(await person.page.locator(part).count(), 0);
      await agent.page.goto(`${demo.url}/console/queue`);
      assert.match(agent.page.url(), /\/console\/sign-in$/, 'who was shown out is still in');
      await agent.leaves();
    });

    test('changes the look of the shop, which its shoppers see', async () => {
      await enters(person, '/console/board', ''); // of the world's own: its facts bear the world's time
      await go('/console/orders?state=open');
      await person.goes('.rows a');
      const page = await person.page.locator('a[href*="/p/"]').first().evaluate((a) => a.pathname);
      const shown = `Lilas ${people.indexOf(who)}`;
      await go('/console/settings');
      await person.type('#contact', 'nobody');
      await person.page.locator('form.form').first().evaluate((f) => { f.noValidate = true; });
      await person.goes('button[value=keep]');
      await person.refused('#contact');
      await person.type('#contact', 'bonjour@lilas.example');
      await person.type('#shown', shown);
      await person.page.locator('#accent').fill('#0a5c36'); // the browser's own picker
      await person.goes('button[value=try]');
      assert.ok(!(await (await fetch(`${demo.url}${page}`)).text()).includes(shown), 'what is tried is kept');
      await person.goes('button[value=keep]');
      await person.page.locator('[role=status]').first().waitFor();
      const seen = (await Promise.all(['', '/ecrire'].map(async (at) => (await fetch(`${demo.url}${page}${at}`)).text()))).join();
      for (const what of [shown, '#0a5c36', 'bonjour@lilas.example']) assert.ok(seen.includes(what), `shoppers do not see ${what}`);
    });
  });
}

test('a viewer reads, and changes nothing', async () => {
  const owner = await Person.sits(browser, { name: 'the owner', ...screens[1280] });
  await enters(owner, '/console/board');
  const hired = await owner.context.request.post(`${demo.url}/console/settings/staff`, { form: { email: 'vic@lilas.example', name: 'Vic', set: 'viewer' }, maxRedirects: 0 });
  assert.equal(hired.status(), 303);
  const viewer = await Person.sits(browser, { name: 'a viewer', ...screens[1280] });
  await viewer.context.request.post(`${demo.url}/console/guest`, { form: { shop: shop.id, set: 'viewer', to: '/console/queue' } });
  const seen = await viewer.page.goto(`${demo.url}/console/queue`);
  if (seen.status() === 200) assert.equal(await viewer.page.locator('.queue form').count(), 0, 'buttons for a viewer');
  else assert.equal(seen.status(), 403);
  const { id } = await shop.sells('home');
  const forced = await viewer.context.request.post(`${demo.url}/console/orders/${id}/missing`, { form: {} });
  assert.equal(forced.status(), 403);
  await owner.leaves();
  await viewer.leaves();
});
