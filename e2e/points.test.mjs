// A parcel to a relay point: chosen in a demo shop on a telephone without script,
// then found on the order's page. And the map of the points: below the list, asked
// for, from the source that the installation names and no other.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { openBrowser, screens } from './browser.mjs';
import { startDemo } from './demo.mjs';
import { faults } from './person.mjs';

// One pixel that nobody sees: what the map is drawn from.
const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=', 'base64');

let tiles; // { url, asked, close }
let demo;
let browser;

before(async () => {
  tiles = await openTiles();
  demo = await startDemo({ more: ['--map', `${tiles.url}/{z}/{x}/{y}.png`, '--map-credit', '© La carte du test'] });
  browser = await openBrowser({ drawing: true });
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  await tiles?.close();
});

async function openTiles() {
  const asked = [];
  const server = createServer((request, answer) => {
    asked.push(request.url);
    answer.writeHead(200, { 'Content-Type': 'image/png', 'Access-Control-Allow-Origin': '*' }).end(pixel);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, asked, close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) };
}

// toDates walks from the shelf to the dates for a postcode.
async function toDates(page, postcode) {
  await page.goto(`${demo.url}/boutique/fil-et-saison/`);
  await page.locator('.wares a').first().click();
  const size = page.locator('form.buy [name=taille]').first();
  if (await size.count()) await size.check({ force: true });
  await page.locator('form.buy button').click();
  await page.locator('button[name=suite]').click();
  await page.locator('#cp').fill(postcode);
  await page.locator('.where button').click();
  await page.locator('.dates').waitFor();
}

test('a relay point is chosen at checkout, without script on a telephone', async () => {
  const context = await browser.newContext({ ...screens[360], locale: 'fr-FR', javaScriptEnabled: false });
  const page = await context.newPage();
  await toDates(page, '75011');
  await page.locator('label.option', { hasText: 'Prêt à retirer' }).first().click();
  await page.locator('.go button').click();
  await page.locator('h1', { hasText: 'Choisissez où retirer votre colis' }).waitFor();
  const first = await page.locator('label.option .window').first().innerText();
  await page.locator('#pres').fill('69003');
  await page.locator('button[name=chercher]').click();
  assert.notEqual(await page.locator('label.option .window').first().innerText(), first, 'another town has the same points');
  await page.locator('label.option').first().click();
  await page.locator('.go button').click();
  await page.locator('.told', { hasText: 'trop loin' }).waitFor();
  const name = await page.locator('label.option .window').first().innerText();
  await page.locator('label.option').first().click();
  await page.locator('.go button').click();
  for (const [field, value] of [['name', 'Camille Durand'], ['email', 'camille@example.com'], ['street', '3 rue des Lilas'], ['city', 'Paris']]) {
    await page.locator(`#${field}`).fill(value);
  }
  assert.ok((await page.locator('.sum').innerText()).includes(name), `the form does not say ${name}`);
  await page.locator('.sum .button').first().click();
  await page.locator('address').waitFor();
  assert.ok((await page.locator('.promise').innerText()).includes(name), `the last look does not say ${name}`);
  await page.locator('.sum .button').first().click();
  await page.locator('.thanks').waitFor();
  assert.ok((await page.locator('.thanks').innerText()).includes(name), `the thanks do not say ${name}`);
  await page.locator('.thanks .button').click();
  await page.waitForURL('**/p/*');
  const told = await page.locator('main').innerText();
  assert.ok(told.includes('Votre point de retrait') && told.includes(name), `the order's page does not say ${name}`);
  await context.close();
});

for (const width of [360, 1280]) {
  test(`choosing a point keeps nobody out: ${width} px`, async () => {
    const context = await browser.newContext({ ...screens[width], locale: 'fr-FR' });
    const page = await context.newPage();
    await toDates(page, '75011');
    await page.locator('label.option', { hasText: 'Prêt à retirer' }).first().click();
    await page.locator('.go button').click();
    await page.locator('#pres').waitFor();
    assert.deepEqual(await faults(page), []);
    await context.close();
  });

  test(`the map is drawn when it is asked for, below the list: ${width} px`, async () => {
    const context = await browser.newContext({ ...screens[width], locale: 'fr-FR', reducedMotion: 'reduce' });
    const page = await context.newPage();
    const loaded = [];
    const complaints = [];
    page.on('request', (request) => loaded.push(request.url()));
    page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()); });
    page.on('pageerror', (error) => complaints.push(error.message));
    tiles.asked.length = 0;
    await page.goto(`${demo.url}/relais?q=69003`);
    const cards = await page.locator('.point').count();
    assert.ok(cards > 1, `${cards} points`);
    const show = page.getByRole('button', { name: 'Voir sur une carte' });
    await show.waitFor();
    assert.deepEqual(loaded.filter((url) => url.includes('/carte/') || url.startsWith(tiles.url)), [], 'something of the map is there before it is asked for');
    await show.focus();
    await page.keyboard.press('Enter');
    await page.locator('#carte[data-drawn]').waitFor();
    assert.ok(tiles.asked.length > 0, 'no tile was asked for');
    const located = await page.locator('.point[data-at]').count();
    assert.equal(await page.locator('.pin').count(), located);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'carte-titre');
    const pin = page.locator('.pin').first();
    const name = await pin.getAttribute('aria-label');
    await pin.focus();
    await page.keyboard.press('Enter');
    const card = await page.evaluate(() => document.activeElement.querySelector('h3')?.textContent.trim());
    assert.ok(card && name.endsWith(card), `${name} leads to ${card}`);
    assert.ok((await page.locator('#carte').innerText()).includes('© La carte du test'));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} px too wide`);
    assert.deepEqual(await faults(page), []);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('a map that does not answer leaves the list', async () => {
  const context = await browser.newContext({ ...screens[360], locale: 'fr-FR' });
  const page = await context.newPage();
  await page.route(`${tiles.url}/**`, (route) => route.abort());
  await page.goto(`${demo.url}/relais?q=69003`);
  await page.getByRole('button', { name: 'Voir sur une carte' }).click();
  await page.locator('#carte [role=status]', { hasText: 'ne répond pas' }).waitFor();
  assert.ok(await page.locator('.point').count() > 1);
  await context.close();
});

test('no other page may ask the source of maps', async () => {
  const policy = async (path) => (await fetch(demo.url + path)).headers.get('content-security-policy');
  assert.ok((await policy('/relais?q=69003')).includes(tiles.url));
  for (const path of ['/', '/relais', '/boutique/fil-et-saison/']) {
    assert.ok(!(await policy(path)).includes(tiles.url), path);
  }
});
