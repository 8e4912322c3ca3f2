// Takes pictures of the demo's pages into docs/shots: each page at both widths,
// in French and in English.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openBrowser, screens } from './browser.mjs';
import { startDemo } from './demo.mjs';

const folder = fileURLToPath(new URL('../docs/shots/', import.meta.url));

async function shoot(page, name) {
  const path = `${folder}${name}.png`;
  await page.screenshot({ path, fullPage: true });
  console.log(path);
}

await mkdir(folder, { recursive: true });
const demo = await startDemo();
let browser;
try {
  browser = await openBrowser();
  for (const [width, screen] of Object.entries(screens)) {
    for (const locale of ['fr-FR', 'en-GB']) {
      const context = await browser.newContext({ ...screen, locale });
      const page = await context.newPage();
      const mark = `${locale.slice(0, 2)}-${width}`;
      await page.goto(`${demo.url}/`);
      await shoot(page, `orders-${mark}`);
      await page.locator('main a[href^="/p/"]').first().click();
      await page.waitForURL('**/p/*');
      await shoot(page, `order-${mark}`);
      await context.close();
    }
  }
} finally {
  await browser?.close();
  await demo.stop();
}
