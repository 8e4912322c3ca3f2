import { openBrowser, screens } from './browser.mjs';
const url = 'http://127.0.0.1:7461', out = '/tmp/S/shots/';
const b = await openBrowser();
const wide = async (ctx, name, path) => {
  for (const w of [360, 1280]) {
    const page = await ctx.newPage();
    await page.setViewportSize(screens[w].viewport);
    await page.goto(url + path);
    const over = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    if (over) console.log('OVERFLOW', name, w);
    await page.screenshot({ path: `${out}${name}-${w}.png`, fullPage: true });
    await page.close();
  }
};
const ctx = await b.newContext({ locale: 'fr-FR' });
const want = process.argv.slice(2);
for (const n of want) await wide(ctx, n.replace(/[^a-z-]/g, '_').slice(-40), n);
await b.close();
