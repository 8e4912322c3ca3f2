// The blocks on a shop's own site, which is another origin: the promise is read
// there, a date is chosen and posted, and the page speaks with nobody else.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import axe from 'axe-core';
import { openBrowser, screens } from './browser.mjs';
import { startDemo } from './demo.mjs';

const basket = JSON.stringify([{ sku: 'HUI', name: "Huile d'olive", units: 2, unit_price: { minor: 1490, currency: 'EUR' }, grams: 980 }]);
const quoted = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

let demo;
let browser;
let site; // the shop's own: { url, posted, close }
let key; // for its pages
let token; // of an order

before(async () => {
  demo = await startDemo();
  browser = await openBrowser();
  site = await openSite();
  token = await anOrder();
  key = await aKey(site.url);
});

after(async () => {
  await browser?.close();
  await site?.close();
  await demo?.stop();
});

// openSite serves a page of the shop, with a policy as strict as it can be, and
// keeps what its form posts.
async function openSite() {
  const posted = [];
  const server = createServer(async (request, answer) => {
    let body = '';
    for await (const part of request) body += part;
    if (request.method === 'POST') posted.push(new URLSearchParams(body));
    const asked = new URL(request.url, 'http://site').searchParams;
    answer.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `default-src 'none'; script-src ${demo.url}; connect-src ${demo.url}; style-src 'nonce-a'; img-src data:; form-action 'self'`,
    });
    answer.end(pageOf({
      lang: asked.get('lang') ?? 'fr', token: asked.get('token') ?? token, key: asked.get('key') ?? key, more: asked.get('more') ?? '', dark: asked.has('dark'),
    }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${server.address().port}`, posted, close };
}

const pageOf = ({ lang, token: link, key: pk, more, dark }) => `<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>Boutique</title>
<style nonce="a">:root { color-scheme: ${dark ? 'light dark' : 'light'}; } body { background: light-dark(#fff, #14171b); color: light-dark(#111, #eee); } promesse-tracking { --promesse-round: 0; --promesse-accent: light-dark(rgb(138, 59, 18), rgb(240, 170, 130)); }</style>
<script type="module" src="${demo.url}/embed/v1.js"></script>
<script type="module" src="${demo.url}/embed/points.v1.js"></script></head>
<body><main><h1>Boutique</h1>
<promesse-tracking token="${quoted(link)}"><p class="before">…</p></promesse-tracking>
<form method="post" action="/commande">
<promesse-delivery name="livraison" key="${quoted(pk)}" country="FR BE" basket="${quoted(basket)}" required ${more}></promesse-delivery>
<button id="order">OK</button></form>
<form method="post" action="/relais"><promesse-points name="point" key="${quoted(pk)}" service="send" grams="2500" required></promesse-points>
<button id="relay">OK</button></form></main></body></html>`;

// anOrder is the link of one whose promise nobody has judged yet.
async function anOrder() {
  const home = await (await fetch(`${demo.url}/`)).text();
  for (const [, link] of home.matchAll(/href="\/p\/([^"?]+)/g)) {
    if ((await storyOf(link)).promise.state === 'open') return link;
  }
  throw new Error('no order is being lived');
}

const storyOf = async (link) => (await fetch(`${demo.url}/api/v1/tracking/${link}?lang=fr`)).json();

// aKey is what the owner of a shop gets in the console, for an origin.
async function aKey(origin) {
  const context = await browser.newContext({ ...screens[1280], locale: 'fr-FR' });
  const page = await context.newPage();
  await page.goto(`${demo.url}/`);
  await page.locator('form[action="/console/guest"]:has(input[name=set][value=owner]) button').first().click();
  await page.goto(`${demo.url}/console/settings/keys`);
  await page.locator('[name=label]').fill('Boutique');
  await page.locator('[name=origins]').fill(origin);
  await page.locator('form:has([name=origins]) button').click();
  const issued = await page.locator('.part', { hasText: origin }).locator('.key').innerText();
  await context.close();
  return issued;
}

// open opens the shop's page, and gathers what it asks for and what goes wrong.
async function open({ query = '', before: prepare = () => {}, ...options } = {}) {
  const context = await browser.newContext({ locale: 'fr-FR', ...screens[360], ...options });
  const page = await context.newPage();
  const asked = [];
  const wrong = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => wrong.push(`script: ${error.message}`));
  page.on('console', (message) => { if (message.type() === 'error') wrong.push(`console: ${message.text()}`); });
  await prepare(page);
  await page.goto(`${site.url}/?${query}`);
  return { context, page, asked, wrong };
}

const badge = (page) => page.locator('promesse-tracking .promise .badge');

async function askDates(page, postcode = '69003') {
  await page.locator('promesse-delivery #postcode').fill(postcode);
  await page.locator('promesse-delivery .where button').click();
}

test('the promise is read on the shop\'s own site', async () => {
  const { context, page, wrong } = await open();
  await badge(page).waitFor();
  const { promise } = await storyOf(token);
  assert.equal(await badge(page).locator('span').count(), 1, 'the sign beside the words');
  const shown = await page.locator('promesse-tracking .promise').innerText();
  for (const words of [promise.badge, promise.sentence, promise.window ?? '', ...promise.texts]) {
    assert.ok(shown.includes(words), `${words} is not in: ${shown}`);
  }
  assert.equal(await page.locator('promesse-tracking .before').isVisible(), false, 'what stood there before is still shown');
  const link = page.locator('promesse-tracking #page');
  assert.equal(await link.getAttribute('href'), `${demo.url}/p/${token}?lang=fr`);
  assert.equal(await link.evaluate((e) => getComputedStyle(e).color), 'rgb(138, 59, 18)');
  await page.locator('promesse-tracking summary').click();
  assert.ok(await page.locator('promesse-tracking .line > li').count() > 0);
  assert.deepEqual(wrong, []);
  await context.close();
});

test('the promise lives without being asked', async () => {
  const { context, page } = await open({ query: `token=${await anOrder()}` }); // the one of before may be over by now
  await badge(page).waitFor();
  const moments = () => page.locator('promesse-tracking .line > li').count();
  const before = await moments();
  for (let morning = 0; morning < 10 && await moments() === before; morning++) {
    assert.equal((await fetch(`${demo.url}/monde/matin`, { method: 'POST', redirect: 'manual' })).status, 303);
    await page.locator('promesse-tracking .line > li').nth(before).waitFor({ state: 'attached', timeout: 6_000 }).catch(() => {});
  }
  assert.ok(await moments() > before, 'ten mornings brought no news');
  await context.close();
});

test('a chosen date is told to the page and posted with its form', async () => {
  const { context, page, wrong } = await open();
  await page.evaluate(() => {
    globalThis.chosen = [];
    document.addEventListener('promesse-choice', ({ detail }) => globalThis.chosen.push(detail));
  });
  await askDates(page);
  const options = page.locator('promesse-delivery .option');
  await options.first().waitFor();
  assert.equal(await page.evaluate(() => document.querySelector('promesse-delivery').value), '');
  const text = await options.nth(1).locator('.text').innerText();
  await options.nth(1).click();
  const [choice] = await page.evaluate(() => globalThis.chosen);
  assert.equal(choice.text, text);
  assert.ok(choice.token.length > 20 && choice.price.currency === 'EUR', JSON.stringify(choice));
  await Promise.all([page.waitForURL('**/commande'), page.locator('#order').click()]);
  assert.deepEqual(site.posted.at(-1).getAll('livraison'), [choice.token]);
  assert.deepEqual([...site.posted.at(-1).keys()], ['livraison'], 'something else was posted, too');
  assert.deepEqual(wrong, []);
  await context.close();
});

test('an offer that grows old is asked for anew', async () => {
  const { context, page } = await open({ before: (fresh) => fresh.clock.install() });
  await page.evaluate(() => {
    globalThis.chosen = [];
    document.addEventListener('promesse-choice', ({ detail }) => globalThis.chosen.push(detail.token));
  });
  await askDates(page);
  await page.locator('promesse-delivery .option').last().click();
  const [first] = await page.evaluate(() => globalThis.chosen);
  const answer = page.waitForResponse('**/api/v1/quotes');
  await page.clock.fastForward('21:00');
  await answer;
  await page.waitForFunction((old) => document.querySelector('promesse-delivery').value !== old, first);
  const [now, chosen, said] = await page.evaluate(() => {
    const e = document.querySelector('promesse-delivery');
    return [e.value, globalThis.chosen, e.shadowRoot.textContent];
  });
  // The date is still there, under another token, or it is not, and that is said.
  if (now === '') assert.ok(said.includes("La date choisie n'est plus possible"), said);
  else assert.deepEqual(chosen, [first, now]);
  await context.close();
});

test('without a network, trying again helps', async () => {
  const { context, page } = await open();
  await badge(page).waitFor();
  await context.setOffline(true);
  await askDates(page);
  const again = page.locator('promesse-delivery .dates button');
  await again.waitFor();
  assert.ok(await badge(page).isVisible(), 'the story that was read is gone');
  await context.setOffline(false);
  await again.click();
  await page.locator('promesse-delivery .option').first().waitFor();
  await context.close();
});

test('a date is chosen by keyboard alone', async () => {
  const { context, page } = await open(screens[1280]);
  await badge(page).waitFor();
  const reach = async (target) => {
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((s) => document.activeElement?.shadowRoot?.activeElement?.matches(s), target)) return;
    }
    assert.fail(`${target} is out of reach`);
  };
  await reach('#postcode');
  await page.keyboard.type('69003');
  await page.keyboard.press('Enter');
  await page.locator('promesse-delivery .option').first().waitFor();
  await reach('input[type=radio]');
  await page.keyboard.press('Space');
  const first = await page.evaluate(() => document.querySelector('promesse-delivery').value);
  await page.keyboard.press('ArrowDown');
  const second = await page.evaluate(() => document.querySelector('promesse-delivery').value);
  assert.ok(first && second && first !== second, 'the arrows do not move the choice');
  await context.close();
});

test('what is missing or wrong is said', async () => {
  const { context, page } = await open();
  await badge(page).waitFor();
  await page.locator('promesse-delivery .where button').click();
  const wrong = page.locator('promesse-delivery #wrong');
  assert.equal(await wrong.innerText(), 'Indiquez le code postal de la livraison.');
  await askDates(page, 'nulle part');
  await page.waitForFunction(() => document.querySelector('promesse-delivery').shadowRoot.querySelector('#wrong').textContent.includes('nulle part'));
  assert.equal(await page.locator('promesse-delivery #postcode').getAttribute('aria-invalid'), 'true');
  await askDates(page);
  await page.locator('promesse-delivery .option').first().waitFor();
  assert.equal(await wrong.innerText(), '');
  const posts = site.posted.length;
  await page.locator('#order').click(); // nothing is chosen: the browser says so and posts nothing
  assert.equal(await page.evaluate(() => document.querySelector('promesse-delivery').validationMessage), 'Choisissez une date ou un créneau.');
  assert.equal(site.posted.length, posts);
  await context.close();
});

test('what opens nothing is said in words', async () => {
  for (const [query, element, words] of [
    ['token=0000000000000000000000', 'promesse-tracking', "Ce lien n'ouvre aucune commande."],
    ['token=0000000000000000000000&lang=en', 'promesse-tracking', 'This link opens no order.'],
    ['key=pk_0000000000000000000000&more=postcode%3D69003', 'promesse-delivery', "Nous n'avons pas pu demander les dates de livraison."],
    ['key=pk_0000000000000000000000&more=postcode%3D69003&lang=en', 'promesse-delivery', 'We could not ask for delivery dates.'],
  ]) {
    const { context, page } = await open({ query });
    await page.locator(element, { hasText: words }).waitFor({ timeout: 10_000 }).catch(() => {});
    const said = await page.locator(element).evaluate((e) => e.shadowRoot.textContent);
    assert.ok(said.includes(words), `${query}: ${said}`);
    await context.close();
  }
});

test('the page speaks with the two hosts alone, and keeps nothing', async () => {
  const { context, page, asked } = await open();
  await askDates(page);
  await page.locator('promesse-delivery .option').first().click();
  await badge(page).waitFor();
  const hosts = new Set(asked.filter((url) => !url.startsWith('data:')).map((url) => new URL(url).origin));
  assert.deepEqual([...hosts].sort(), [demo.url, site.url].sort());
  assert.deepEqual(await context.cookies(), []);
  const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await caches.keys()).length, (await indexedDB.databases()).length]);
  assert.deepEqual(kept, [0, 0, 0, 0]);
  await context.close();
});

for (const [name, options] of [
  ['French, 360 px', { ...screens[360], colorScheme: 'light' }],
  ['French, 360 px, dark', { ...screens[360], colorScheme: 'dark', query: 'dark' }],
  ['English, 1280 px, dark', { ...screens[1280], colorScheme: 'dark', query: 'dark&lang=en' }],
  ['English, 1280 px, a page that knows no dark', { ...screens[1280], colorScheme: 'dark', query: 'lang=en' }],
]) {
  test(`the blocks keep nobody out: ${name}`, async () => {
    const { context, page, wrong } = await open(options);
    await badge(page).waitFor();
    await page.locator('promesse-tracking summary').click();
    await askDates(page);
    await page.locator('promesse-delivery .option').first().waitFor();
    const [needed, given] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(needed <= given, `${needed} px wide on a screen of ${given} px`);
    for (const element of ['promesse-tracking', 'promesse-delivery']) {
      const said = await page.locator(element).evaluate((e) => e.shadowRoot.textContent);
      assert.doesNotMatch(said, /\[object|undefined|null|NaN|[{}]|Invalid/, 'that is no word');
    }
    const tall = await page.locator('promesse-delivery').evaluate((e) => [...e.shadowRoot.querySelectorAll('button, select, #postcode, .option')].map((t) => t.getBoundingClientRect().height));
    assert.ok(tall.every((px) => px >= 44), `targets of ${tall} px`);
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`), []);
    assert.deepEqual(wrong, []);
    await context.close();
  });
}

test('the demo\'s own shop shows both, and works without', async () => {
  const context = await browser.newContext({ ...screens[360], locale: 'fr-FR' });
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => { if (message.type() === 'error') wrong.push(message.text()); });
  page.on('pageerror', (error) => wrong.push(error.message));
  const shop = `${demo.url}/boutique/librairie-du-port`;
  await page.goto(`${shop}/article/LIV-0107`);
  await page.locator('promesse-delivery #postcode').fill('59000');
  await page.locator('promesse-delivery .where button:visible').click();
  await page.locator('promesse-delivery .option').first().waitFor();
  assert.equal(await page.locator('promesse-delivery input[type=radio]').count(), 0, 'a choice that leads nowhere');
  assert.equal(await page.locator('#cp').isVisible(), false, 'the form of the page without script is shown, too');
  await page.locator('form.buy button').click();
  await page.locator('button[name=suite]').click();
  await page.locator('#cp').fill('59000');
  await page.locator('.where button').click();
  await page.locator('.dates label').first().click();
  await page.locator('.go button').click();
  for (const [field, value] of [['name', 'Ana Roux'], ['email', 'ana@example.com'], ['street', '2 rue du Four'], ['city', 'Lille']]) {
    await page.locator(`#${field}`).fill(value);
  }
  await page.locator('.sum .button').first().click();
  await page.locator('address').waitFor();
  await page.locator('.sum .button').first().click();
  await page.locator('.thanks').waitFor();
  await badge(page).waitFor();
  assert.deepEqual(wrong, []);
  await context.close();

  const still = await browser.newContext({ ...screens[360], locale: 'fr-FR', javaScriptEnabled: false });
  const plain = await still.newPage();
  await plain.goto(`${shop}/article/LIV-0107`);
  await plain.locator('#cp').fill('59000');
  await plain.locator('.where button').click();
  await plain.locator('.best .window').waitFor();
  await still.close();
});

// found types where to look, and waits for an answer.
async function found(page, text) {
  await page.locator('promesse-points #postcode').fill(text);
  await page.locator('promesse-points .where button').click();
  await page.locator('promesse-points .option, promesse-points .wrong:not(:empty)').first().waitFor();
}

test('a relay point is looked for, chosen, told to the page and posted', async () => {
  const { context, page, asked, wrong } = await open();
  assert.equal(await page.locator('promesse-points .option').count(), 0);
  await page.locator('#relay').click(); // required, and none is chosen
  assert.equal(await page.evaluate(() => document.querySelector('promesse-points').validity.valueMissing), true);
  await page.evaluate(() => document.addEventListener('promesse-point', ({ detail }) => { window.told = detail; }));
  await found(page, '69003');
  const options = page.locator('promesse-points .option');
  assert.ok(await options.count() >= 3, `${await options.count()} points around Lyon`);
  const far = await page.locator('promesse-points .option .price').allInnerTexts();
  for (const text of far) assert.match(text, /^\d+(,\d)?\s(m|km)$/);
  await options.first().click();
  const told = await page.evaluate(() => window.told);
  assert.match(told.id, /^pnt_/);
  assert.ok(told.code && told.name && told.city);
  await page.locator('#relay').click();
  await page.waitForURL('**/relais');
  assert.equal(site.posted.at(-1).get('point'), told.id);
  for (const url of asked) assert.ok(url.startsWith(site.url) || url.startsWith(demo.url) || url.startsWith('data:'), url);
  assert.deepEqual(wrong, []);
  await context.close();
});

test('a place that nobody knows is said to be, at its field', async () => {
  const { context, page } = await open();
  await page.locator('promesse-points .where button').click();
  assert.match(await page.locator('promesse-points #wrong').innerText(), /Indiquez/);
  await found(page, 'Nullepart-les-Oies');
  assert.match(await page.locator('promesse-points #wrong').innerText(), /pas connu/);
  assert.equal(await page.locator('promesse-points #postcode').getAttribute('aria-invalid'), 'true');
  await context.close();
});
