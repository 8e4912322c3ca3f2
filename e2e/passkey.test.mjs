// A passkey, with Chromium's own authenticator: made in the space, used at the door, and
// taken away.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, screens } from './browser.mjs';
import { startDemo } from './demo.mjs';
import { paused } from './ownshop.mjs';
import { faults, Person } from './person.mjs';

const email = 'camille.lambert@example.com';
const heading = '#cle-titre';

let demo;
let browser;
let camille;

before(async () => {
  demo = await startDemo({ host: 'localhost' });
  browser = await openBrowser();
  for (let day = 0; day < 2; day++) await fetch(`${demo.url}/monde/matin`, { method: 'POST', redirect: 'manual' }); // she bought something by then
  await paused(demo); // so that what arrives for others pushes no letter out of sight
  camille = await Person.sits(browser, { name: 'Camille', ...screens[360] });
  const device = await camille.context.newCDPSession(camille.page);
  await device.send('WebAuthn.enable');
  await device.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
});

after(async () => {
  await camille?.leaves();
  await browser?.close();
  await demo?.stop();
});

// letters are those to Camille, as sent.
async function letters() {
  const page = await camille.context.newPage();
  try {
    await page.goto(`${demo.url}/monde/courrier`);
    return await page.locator('.letter', { hasText: email }).locator('pre').allInnerTexts();
  } finally {
    await page.close();
  }
}

// mailed waits for a letter to Camille.
async function mailed(words) {
  for (let i = 0; i < 100; i++) {
    const found = (await letters()).find((text) => words.test(text));
    if (found) return found;
  }
  return assert.fail(`no letter to ${email} says ${words}`);
}

async function leaves() {
  await camille.page.goto(`${demo.url}/espace`);
  await camille.goes('form[action="/espace/sortir"] button');
  assert.equal(new URL(camille.page.url()).pathname, '/espace/entrer');
}

test('nobody enters without a key', async () => {
  await camille.page.goto(`${demo.url}/espace/entrer`);
  await camille.press('form[data-passkey] button');
  await camille.page.locator('form[data-passkey] .wrong').waitFor();
  assert.deepEqual(await faults(camille.page), []);
});

test('a key is made by whoever just used a link', async () => {
  await camille.type('#email', email);
  await camille.goes('form[action="/espace/entrer"] button');
  const [link] = (await mailed(/espace\/entrer\//)).match(/https?:\S+\/espace\/entrer\/\S+/);
  await camille.page.goto(link);
  await camille.goes('form button');
  await camille.page.goto(`${demo.url}/espace/donnees`);
  await camille.type('#device', 'Mon téléphone');
  await camille.goes('form[data-passkey] button');
  await camille.page.locator('.good[role=status]').waitFor();
  assert.match(await camille.page.locator(heading).locator('..').innerText(), /Mon téléphone/);
  assert.deepEqual(await faults(camille.page), []);
});

test('the same device makes no second one', async () => {
  await camille.type('#device', 'Encore lui');
  await camille.press('form[data-passkey] button');
  await camille.page.locator('form[data-passkey] .wrong').waitFor();
});

test('it opens the space, with the hand to act', async () => {
  await leaves();
  await camille.goes('form[data-passkey] button');
  assert.equal(new URL(camille.page.url()).pathname, '/espace');
  await camille.page.goto(`${demo.url}/espace/donnees`);
  await camille.page.locator('#device').waitFor();
});

test('taken away, it opens nothing', async () => {
  await camille.goes('form[action="/espace/donnees/cle/retirer"] button');
  await camille.page.locator('.good[role=status]').waitFor();
  await leaves();
  await camille.goes('form[data-passkey] button');
  assert.equal(new URL(camille.page.url()).pathname, '/espace/cle');
  assert.match(await camille.page.locator('.wrong[role=alert]').first().innerText(), /n'ouvre rien/);
});
