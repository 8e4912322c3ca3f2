// Somebody before a page: with script, without it, or by keyboard alone. What is
// pressed by keyboard is first reached with Tab, and must be seen to be focused.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { screens } from './browser.mjs';

export const people = [
  { name: 'with script, on a telephone', ...screens[360] },
  { name: 'without script, on a telephone', javaScriptEnabled: false, ...screens[360] },
  { name: 'by keyboard alone', keys: true, ...screens[1280] },
];

const patience = 10_000; // milliseconds, for whatever must come
const steps = 150; // of Tab, until something is out of reach

export class Person {
  // sits opens a page for somebody; options are those of a browser's context.
  static async sits(browser, { name, keys = false, ...options }) {
    const context = await browser.newContext({ locale: 'fr-FR', ...options });
    const person = new Person();
    Object.assign(person, { context, keys, name, wrong: [], page: await context.newPage() });
    person.page.setDefaultTimeout(patience);
    person.page.on('pageerror', (error) => person.wrong.push(`script: ${error.message}`));
    person.page.on('console', (message) => {
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) person.wrong.push(`console: ${message.text()}`);
    });
    person.page.on('response', (answer) => {
      if (answer.status() >= 500) person.wrong.push(`${answer.status()} ${answer.url()}`);
    });
    return person;
  }

  async leaves() {
    await this.context.close();
    assert.deepEqual(this.wrong, [], this.name);
  }

  // reach goes to what a selector finds first, and sees that it is focused.
  async reach(selector) {
    const target = typeof selector === 'string' ? this.page.locator(selector).first() : selector;
    await target.waitFor();
    for (let i = 0; i < steps; i++) {
      if (await target.evaluate((e) => e === document.activeElement)) {
        assert.ok(await target.evaluate(outlined), `${selector} does not show that it is focused, on ${this.page.url()}`);
        return target;
      }
      await this.page.keyboard.press('Tab');
    }
    return assert.fail(`${selector} is out of reach of the keyboard on ${this.page.url()}`);
  }

  // press uses a button, a link, or what opens a part of the page.
  async press(selector) {
    if (!this.keys) return this.page.locator(selector).first().click();
    await this.reach(selector);
    return this.page.keyboard.press('Enter');
  }

  // goes presses what leads to another page, and waits for that.
  async goes(selector) {
    await Promise.all([this.page.waitForEvent('domcontentloaded'), this.press(selector)]);
  }

  async type(selector, text) {
    if (!this.keys) return this.page.locator(selector).first().fill(text);
    await this.reach(selector);
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.press('Delete');
    return this.page.keyboard.type(text);
  }

  // choose picks one of several, or ticks.
  async choose(selector) {
    const target = this.page.locator(selector).first();
    if (await target.isChecked()) return undefined;
    if (!this.keys) return target.check({ force: true });
    // Tab stops at the one of its group that is chosen, or at the first.
    const group = target.locator('xpath=ancestor::form[1]').locator(`input[name="${await target.getAttribute('name')}"]`);
    const chosen = await group.evaluateAll((all) => Math.max(0, all.findIndex((e) => e.checked)));
    await this.reach(group.nth(chosen));
    if (!(await target.isChecked())) await this.page.keyboard.press('Space');
    for (let i = 0; i < 20 && !(await target.isChecked()); i++) await this.page.keyboard.press('ArrowDown');
    return assert.ok(await target.isChecked(), `${selector} can not be chosen by keyboard`);
  }

  says(selector = 'main') { return this.page.locator(selector).first().innerText(); }

  // refused insists on errors that are announced, and told at their fields.
  async refused(field) {
    await this.page.locator('[role=alert]').first().waitFor();
    assert.notEqual((await this.says('[role=alert]')).trim(), '');
    const input = this.page.locator(field).first();
    assert.equal(await input.getAttribute('aria-invalid'), 'true', `${field} is not called wrong`);
    const told = ((await input.getAttribute('aria-describedby')) ?? '').split(' ').filter(Boolean);
    const words = await Promise.all(told.map((id) => this.page.locator(`[id="${id}"]`).innerText()));
    assert.notEqual(words.join(' ').trim(), '', `${field} does not say what is wrong with it`);
  }
}

// outlined reports whether a focused element, or what stands for it, has an outline.
function outlined(e) {
  const shows = (x, part) => { const s = getComputedStyle(x, part); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; };
  return shows(e, '::after') || [e, e.nextElementSibling, e.closest('label'), e.parentElement].some((x) => x !== null && shows(x));
}

// audit runs in the page. A target that the edge of a row, or another link of it,
// covers in part is as large as it is once the row is scrolled.
async function audit() {
  const { violations } = await globalThis.axe.run(document, { rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'] });
  const scrolls = (row) => row !== null && (row.scrollWidth > row.clientWidth && /auto|scroll/.test(getComputedStyle(row).overflowX) || scrolls(row.parentElement));
  const cut = (selector) => {
    const e = document.querySelector(selector);
    return scrolls(e.parentElement) && Math.min(e.offsetWidth, e.offsetHeight) >= 24;
  };
  const said = violations.map(({ id, nodes }) => ({
    id, nodes: nodes.map(({ target }) => target.join(' ')).filter((target) => id !== 'target-size' || !cut(target)),
  }));
  const [needed, given] = [document.documentElement.scrollWidth, window.innerWidth];
  return { violations: said.filter(({ nodes }) => nodes.length > 0), wide: needed > given && `${needed} px wide on a screen of ${given} px` };
}

// faults are all that keeps somebody out of a page or hinders them, small things too:
// what axe finds at any impact, a page wider than its screen, and targets that are
// smaller than a fingertip (24 px; WCAG 2.2, 2.5.8, whose exceptions axe knows).
export async function faults(page) {
  await page.evaluate(axe.source);
  const { violations, wide } = await page.evaluate(audit);
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.join(', ')}`);
  if (wide) found.push(wide);
  if ((await page.title()).trim() === '') found.push('no title');
  return found;
}
