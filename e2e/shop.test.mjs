// A person buys in a demo shop: without script on a telephone, and by keyboard
// alone at a desk; no page of the way keeps anybody out.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, screens } from './browser.mjs';
import { startDemo } from './demo.mjs';
import { faults } from './person.mjs';

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

const looks = [
  { name: 'French, 360 px', locale: 'fr-FR', colorScheme: 'light', ...screens[360] },
  { name: 'English, 1280 px, dark', locale: 'en-GB', colorScheme: 'dark', ...screens[1280] },
];

// buy walks the way from the shelf to the thanks; seen is called on each page.
async function buy(page, seen) {
  await page.goto(`${demo.url}/boutique/epicerie-bellecour/`);
  await seen('shelves');
  await page.locator('.wares a').first().click();
  await seen('article');
  await page.locator('form.buy button').click();
  await seen('basket');
  await page.locator('button[name=suite]').click();
  await page.locator('#cp').fill('69003');
  await page.locator('.where button').click();
  await page.locator('.dates').waitFor();
  await seen('dates');
  await page.locator('.hours label, label.option').first().click();
  await page.locator('.go button').click();
  await page.locator('#email').fill('camille');
  await page.locator('.sum .button').first().click();
  await page.locator('.told.bad').waitFor();
  await seen('mistyped');
  for (const [field, value] of [['name', 'Camille Durand'], ['email', 'camille@example.com'], ['street', '3 rue des Lilas'], ['city', 'Lyon']]) {
    await page.locator(`#${field}`).fill(value);
  }
  await page.locator('.sum .button').first().click();
  await page.locator('address').waitFor();
  await seen('last look');
  await page.locator('.sum .button').first().click();
  await page.locator('.thanks').waitFor();
  await seen('thanks');
}

for (const { name, ...options } of looks) {
  test(`the way from the shelf to the thanks keeps nobody out: ${name}`, async () => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const wrong = [];
    await buy(page, async (at) => {
      wrong.push(...(await faults(page)).map((fault) => `${at}: ${fault}`));
    });
    await context.close();
    assert.deepEqual(wrong, []);
  });
}

test('a person buys without script, and follows the order', async () => {
  const context = await browser.newContext({ ...screens[360], locale: 'fr-FR', javaScriptEnabled: false });
  const page = await context.newPage();
  await buy(page, async () => {});
  const promised = await page.locator('.thanks .window').first().innerText();
  await page.locator('.thanks .button').click();
  await page.waitForURL('**/p/*');
  assert.ok((await page.locator('main').innerText()).includes(promised), `the order's page does not say ${promised}`);
  await context.close();
});

test('a person buys by keyboard alone', async () => {
  const context = await browser.newContext({ ...screens[1280], locale: 'fr-FR' });
  const page = await context.newPage();
  const reach = async (target) => {
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((s) => document.activeElement?.matches(s), target)) return;
    }
    assert.fail(`${target} is out of reach on ${page.url()}`);
  };
  await page.goto(`${demo.url}/boutique/librairie-du-port/article/LIV-0107`);
  await reach('form.buy button');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/panier*');
  await reach('button[name=suite]');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/livraison*');
  await reach('#cp');
  await page.keyboard.type('59000');
  await page.keyboard.press('Enter');
  await page.locator('.dates').waitFor();
  await reach('input[name=option]');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await page.locator('#name').waitFor();
  for (const [field, value] of [['name', 'Ana Roux'], ['email', 'ana@example.com'], ['street', '2 rue du Four'], ['city', 'Lille']]) {
    await reach(`#${field}`);
    await page.keyboard.type(value);
  }
  await page.keyboard.press('Enter');
  await page.locator('address').waitFor();
  await reach('.sum .button');
  await page.keyboard.press('Enter');
  await page.locator('.thanks').waitFor();
  await context.close();
});
