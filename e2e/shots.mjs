// Takes pictures of the pages that people use into docs/shots, at both widths in
// French, and some in English or in the dark. The demo lives until it has an order
// in each state, and is stopped there. Names stay the same from run to run; a
// picture that is not taken any more is removed. With PROMESSE_URL, an open demo
// on this machine is used.
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openBrowser, screens } from './browser.mjs';
import { startDemo } from './demo.mjs';

const folder = fileURLToPath(new URL('../docs/shots/', import.meta.url));
const quality = 62; // of a JPEG, percent
const highest = { 360: 1280, 1280: 860 }; // pixels of a page that a picture shows
const enough = 8; // mornings until the board has something to show
const mornings = 20; // until each state must have been seen
const first = 15; // mornings for which only the first shop, the grocer, will do
const grocer = 'epicerie-bellecour';

const taken = new Set();

// shoot takes the top of a page, or what stands from an element on, as on a screen
// that is high enough for it.
async function shoot(page, name, width, from = 'body') {
  const file = `${name}-${width}.jpg`;
  const { viewport } = screens[width];
  const high = await page.evaluate(() => {
    document.activeElement?.blur();
    return document.documentElement.scrollHeight;
  });
  await page.setViewportSize({ ...viewport, height: Math.min(high, highest[width]) });
  await page.locator(from).first().evaluate((element) => element.scrollIntoView({ behavior: 'instant' }));
  await page.waitForTimeout(150); // until it is painted; a letter in its sandbox can not say so
  await page.screenshot({ path: folder + file, type: 'jpeg', quality, animations: 'disabled' });
  await page.setViewportSize(viewport);
  taken.add(file);
  console.log(file);
}

// states are the orders that are shown, by where the list of orders finds them.
const states = {
  open: ['open', 'li:has(.badge.calm) a[href^="/p/"]'],
  kept: ['kept', 'a[href^="/p/"]'],
  broken: ['broken', 'li:has(p + .badge + p) a[href^="/p/"]'], // with what was credited for it
};

async function listed(page, url) {
  const found = {};
  for (const [name, [filter, choose]] of Object.entries(states)) {
    await page.goto(`${url}/?state=${filter}`);
    const paths = await page.locator(`.orders ${choose}`).evaluateAll((all) => all.map((a) => a.pathname));
    found[name] = paths[0];
  }
  return found;
}

// signIn enters the console as the owner of a shop, as the demo's first page does.
async function signIn(context, url, shop) {
  await context.request.post(`${url}/console/guest`, { form: { to: '/console/', set: 'owner', shop } });
}

// worried is the first of some shops in whose queue something can still be saved,
// and the page of the shopper who waits for it.
async function worried(context, page, url, most) {
  await page.goto(`${url}/`);
  const shops = await page.locator('select').first().locator('option').evaluateAll((all) => all.map((o) => o.value));
  for (const shop of shops.slice(0, most)) {
    await signIn(context, url, shop);
    await page.goto(`${url}/console/queue`);
    const rows = page.locator('.queue > li:has(.badge.care) h2 a');
    if (await rows.count() === 0) continue;
    await rows.first().click();
    await page.waitForURL('**/console/orders/*');
    const risk = await page.locator('a[href*="/p/"]').first().evaluate((a) => a.pathname);
    return { shop, risk };
  }
  return null;
}

// still waits until the world's clock stands: a goal it was set is reached first.
async function still(page, url) {
  for (let was = ''; ;) {
    await page.goto(`${url}/`);
    const clock = await page.locator('.now strong').innerText();
    if (clock === was) return;
    was = clock;
    await page.waitForTimeout(2000);
  }
}

// live lets the world go on until every state is there, and stops it.
async function live(context, page, url) {
  for (let day = 0; day < mornings; day += 1) {
    await context.request.post(`${url}/monde/matin`);
    if (day < enough) continue;
    const orders = await listed(page, url);
    const found = await worried(context, page, url, day < first ? 1 : Infinity);
    if (found === null || Object.values(orders).includes(undefined)) continue;
    await context.request.post(`${url}/monde/pause`);
    await still(page, url);
    return { shop: found.shop, orders: { ...orders, risk: found.risk } };
  }
  throw new Error(`the demo had no order in each state after ${mornings} mornings`);
}

// where types a postcode, into the page's form or into the component in its place.
async function where(page) {
  const field = page.locator('input[name="cp"]:visible, promesse-delivery input:visible').first();
  await field.fill('69002');
  await field.press('Enter');
  await page.waitForLoadState('networkidle');
}

// buy walks through the grocer's shop and shows each step.
async function buy(page, url, width) {
  await page.goto(`${url}/boutique/${grocer}/`);
  await shoot(page, 'shop-shelf', width);
  await page.locator('.wares a').nth(1).click();
  await where(page);
  await shoot(page, 'shop-article', width);
  await page.locator('.buy .button').click();
  await shoot(page, 'shop-basket', width);
  await page.locator('button[name="suite"]').click();
  if (await page.locator('input[name="option"]').count() === 0) {
    await where(page);
  }
  await shoot(page, 'shop-dates', width);
  await page.locator('input[name="option"]:visible').first().check({ force: true });
  await page.locator('.go .button').click();
  const typed = { name: 'Camille Durand', email: 'camille@example.org', street: '12 rue Mercière', city: 'Lyon' };
  for (const [id, text] of Object.entries(typed)) {
    if (await page.locator(`#${id}`).count()) await page.locator(`#${id}`).fill(text);
  }
  await shoot(page, 'shop-details', width);
  await page.locator('.sum .button').first().click();
  await page.locator('.sum .button').first().click();
  await page.waitForURL('**/merci/**');
  await shoot(page, 'shop-thanks', width);
}

const inside = {
  'console-start': '', 'console-queue': 'queue', 'console-orders': 'orders', 'console-board': 'board',
  'console-outbox': 'outbox', 'console-parked': 'parked', 'console-policy': 'policy', 'console-settings': 'settings',
};

async function work(page, url, width) {
  for (const [name, path] of Object.entries(inside)) {
    await page.goto(`${url}/console/${path}`);
    await shoot(page, name, width);
  }
  await page.goto(`${url}/console/orders?state=broken`);
  await page.locator('.rows a').first().click();
  await page.waitForURL('**/console/orders/*');
  await shoot(page, 'console-order', width);
  await page.goto(`${url}/console/outbox?state=sent`);
  await page.locator('.rows a').first().click();
  await page.waitForURL('**/console/outbox/*');
  await page.frameLocator('iframe.letter').locator('body').waitFor();
  await shoot(page, 'console-letter', width);
}

// all shows every page in French at one width.
async function all(page, url, width, { shop, orders }) {
  await page.goto(`${url}/`);
  await shoot(page, 'home', width);
  await buy(page, url, width);
  for (const name of Object.keys(orders)) {
    await page.goto(`${url}${orders[name]}?lang=fr`);
    await shoot(page, `order-${name}`, width);
  }
  await page.goto(`${url}/suivi`);
  await shoot(page, 'lookup', width);
  await page.goto(`${url}/b/${shop}`);
  await shoot(page, 'proof', width);
  await page.goto(`${url}/galerie/lettre/promise_at_risk-weather?lang=fr`);
  await shoot(page, 'letter', width);
  await page.goto(`${url}/galerie?lang=fr`);
  await page.locator('#suivi iframe').first().scrollIntoViewIfNeeded();
  await page.waitForLoadState('networkidle');
  await shoot(page, 'gallery', width, '#suivi');
  await work(page, url, width);
}

// Some pages again: in English on a telephone, in the dark at a desk.
const again = [
  { mark: 'en', width: '360', options: { locale: 'en-GB' }, lang: 'en' },
  { mark: 'dark', width: '1280', options: { locale: 'fr-FR', colorScheme: 'dark' }, lang: 'fr' },
];

async function some(page, url, { mark, width, lang }, { orders }) {
  await page.goto(`${url}/`);
  await shoot(page, `home-${mark}`, width);
  await page.goto(`${url}${orders.risk}?lang=${lang}`);
  await shoot(page, `order-risk-${mark}`, width);
  await page.goto(`${url}/console/queue`);
  await shoot(page, `console-queue-${mark}`, width);
  await page.goto(`${url}/console/board`);
  await shoot(page, `console-board-${mark}`, width);
}

async function visit(browser, options, url, shop, look) {
  const context = await browser.newContext(options);
  if (shop) await signIn(context, url, shop);
  const page = await context.newPage();
  try {
    return await look(page, context);
  } finally {
    await context.close();
  }
}

await mkdir(folder, { recursive: true });
const demo = process.env.PROMESSE_URL ? { url: process.env.PROMESSE_URL, stop: async () => {} } : await startDemo();
const { url } = demo;
let browser;
try {
  browser = await openBrowser();
  const world = await visit(browser, { locale: 'fr-FR' }, url, null, (page, context) => live(context, page, url));
  for (const [width, screen] of Object.entries(screens)) {
    await visit(browser, { ...screen, locale: 'fr-FR' }, url, world.shop, (page) => all(page, url, width, world));
  }
  for (const other of again) {
    await visit(browser, { ...screens[other.width], ...other.options }, url, world.shop, (page) => some(page, url, other, world));
  }
} finally {
  await browser?.close();
  await demo.stop();
}

let bytes = 0;
for (const file of await readdir(folder)) {
  if (taken.has(file)) bytes += (await stat(folder + file)).size;
  else await rm(folder + file);
}
console.log(`${taken.size} pictures, ${Math.round(bytes / 1024)} KB`);
