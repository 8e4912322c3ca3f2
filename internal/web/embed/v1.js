// The tracking block and the delivery options as elements of the shop's own
// pages. The program puts two constants in front of this module when it serves
// it: words, its sentences by language, and sheet, its style.
//
// They speak with the host that the module came from and with no other, set no
// cookie and keep nothing. What they show they write as text, never as markup.

export const home = new URL('..', import.meta.url).href;
const minute = 60_000;
export const tags = { fr: 'fr-FR', en: 'en-GB' }; // for what the browser writes: amounts, days

const style = new CSSStyleSheet();
style.replaceSync(sheet);

// h makes an element: h('p', { class: 'soft' }, 'words', other).
export function h(tag, props, ...inside) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name.startsWith('on')) e.addEventListener(name.slice(2), value);
    else if (value === true) e.setAttribute(name, '');
    else if (value !== false && value != null) e.setAttribute(name, value);
  }
  e.append(...inside.flat(Infinity).filter((x) => x !== '' && x != null && x !== false));
  return e;
}

export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

// Block is what all have: a shadow with the sheet, a language, a voice.
export class Block extends HTMLElement {
  #due = false;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [style];
    this.body = h('div', { class: 'all' });
    this.voice = h('p', { class: 'said', role: 'status' });
    root.append(this.body, this.voice);
  }

  // asked is the language of the element, or of the page around it; empty when
  // it is none of ours.
  get asked() {
    const said = (this.closest('[lang]')?.getAttribute('lang') ?? '').slice(0, 2).toLowerCase();
    return said in words ? said : '';
  }

  get locale() { return this.spoken ?? (this.asked || 'fr'); }
  get words() { return (this.constructor.words ?? words)[this.locale]; }

  attributeChangedCallback() { this.change(); }

  // change looks at all attributes at once, however many were set.
  change() {
    if (this.#due || !this.isConnected) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      if (this.isConnected) this.start();
    });
  }

  // put shows something instead of what was there.
  put(...parts) {
    this.body.lang = this.locale;
    this.body.replaceChildren(...parts.filter(Boolean));
  }

  // note shows a state in words, and below what the page put between the tags.
  note(sentence) { this.put(sentence && h('p', null, sentence), h('slot')); }

  // say tells those who listen what is new.
  say(sentence) { this.voice.textContent = sentence; }
}

const signs = { calm: '→', good: '✓', care: '!', bad: '✕', mute: '–' };
const badge = (tone, said) => h('span', { class: `badge ${tone}` }, h('span', { 'aria-hidden': 'true' }, signs[tone]), said);
const texts = (list, look) => (list ?? []).map((t) => h('p', { class: look }, t));

// <promesse-tracking token="…" lang="fr">: an order's story, kept current.
class Tracking extends Block {
  static observedAttributes = ['token', 'lang'];
  #turn = 0; // of loading: an answer that comes late is dropped
  #shown = ''; // the answer as it is shown
  #story = null;
  #stream = null;
  #timer = 0;
  #pause = 0; // until the next try, after a failure
  #seen = () => (document.hidden ? this.#rest() : this.#begin());

  connectedCallback() {
    document.addEventListener('visibilitychange', this.#seen);
    this.change();
  }

  disconnectedCallback() {
    document.removeEventListener('visibilitychange', this.#seen);
    this.#rest();
  }

  start() {
    this.#forget();
    this.#begin();
  }

  #forget() {
    this.#rest();
    this.#story = null;
    this.#shown = '';
    this.#pause = 0;
    this.spoken = undefined;
  }

  get #token() { return this.getAttribute('token') ?? ''; }

  #begin() {
    this.#rest();
    if (this.#token === '') return this.note('');
    if (!this.#story && !this.#pause) this.note(this.childElementCount ? '' : this.words.loading);
    this.#load().then((listen) => listen && this.#listen());
  }

  // rest stops asking: a page that nobody sees needs no news.
  #rest() {
    this.#turn++;
    this.#stream?.close();
    clearTimeout(this.#timer);
  }

  #later(wait, what) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(what, wait);
  }

  // load asks for the story, and answers whether there is more to come.
  async #load() {
    const turn = ++this.#turn;
    const query = this.asked ? `?lang=${this.asked}` : '';
    let story = null;
    let gone = false;
    this.body.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(`${home}api/v1/tracking/${encodeURIComponent(this.#token)}${query}`, { credentials: 'omit', referrerPolicy: 'no-referrer' });
      gone = answer.status === 404;
      if (answer.ok) story = await answer.json();
    } catch {
      // the network is away
    }
    if (turn !== this.#turn) return false;
    this.body.removeAttribute('aria-busy');
    if (story) {
      this.#pause = 0;
      this.#show(story);
      this.#later(5 * minute, () => this.#load()); // ages in words grow without news
      return true;
    }
    if (gone) {
      this.#forget();
      this.note(this.words.unknown);
      return false;
    }
    if (!this.#story) this.note(this.words.unread); // what is shown stays, with its age
    this.#again();
    return false;
  }

  // again tries once more, later each time.
  #again() {
    this.#pause = Math.min(Math.max(this.#pause * 2, minute / 4), 10 * minute);
    this.#later(this.#pause * (1 + Math.random() / 4), () => this.#begin());
  }

  // listen holds the stream of versions open; the browser comes back by itself
  // when it breaks, we when it is refused.
  #listen() {
    this.#stream?.close();
    const stream = new EventSource(`${home}p/${encodeURIComponent(this.#token)}/live`);
    this.#stream = stream;
    stream.addEventListener('version', ({ data }) => {
      if (JSON.parse(data).version !== this.#story?.version) this.#load();
    });
    stream.addEventListener('error', () => {
      if (stream.readyState === EventSource.CLOSED) this.#again();
    });
  }

  #show(story) {
    const text = JSON.stringify(story);
    if (text === this.#shown) return;
    const before = this.#story?.promise.sentence;
    const open = [...this.body.querySelectorAll('details')].map((d) => d.open);
    const focus = this.shadowRoot.activeElement?.id;
    this.#shown = text;
    this.#story = story;
    this.spoken = story.locale;
    this.put(...this.#parts(story));
    this.body.querySelectorAll('details').forEach((d, i) => { d.open = open[i] ?? false; });
    if (focus) this.shadowRoot.getElementById(focus)?.focus({ preventScroll: true });
    if (before !== undefined && before !== story.promise.sentence) this.say(story.promise.sentence);
  }

  #parts({ promise: p, ...s }) {
    const w = this.words;
    return [
      h('section', { class: `card promise ${p.tone}`, 'aria-label': p.badge },
        badge(p.tone, p.badge),
        h('h2', null, p.sentence, p.window && ' ', p.window && h('span', { class: 'window' }, p.window)),
        texts(p.texts),
        texts(p.credited, 'given'),
        texts(s.next),
        p.shown && h('p', { class: 'soft small' }, p.shown),
        h('p', null, h('a', { id: 'page', class: 'tap', href: s.page }, w.follow))),
      (s.parcels.length > 0 || s.no_parcel) && h('section', { class: 'card' },
        h('h3', null, w.parcels),
        s.no_parcel && h('p', null, s.no_parcel),
        s.parcels.map((b) => h('div', { class: 'parcel' },
          badge(b.tone, b.status),
          h('p', null, b.carried),
          texts(b.before, 'soft small'),
          b.news && h('p', { class: 'soft small' }, b.news),
          texts(b.proof),
          b.contents.length > 0 && h('ul', { class: 'small' }, b.contents.map((c) => h('li', null, c))))),
        s.bound && h('p', { class: 'soft small' }, s.bound)),
      h('details', { class: 'card' },
        h('summary', { id: 'happened' }, w.timeline),
        h('ol', { class: 'line' }, s.happened.map((m) => h('li', { class: m.tone }, h('span', { class: 'when' }, m.when), m.what))),
        h('p', { class: 'soft small' }, s.times)),
    ];
  }
}

// A quote's tokens live half an hour or more: it is asked anew before they end.
const stale = 20 * minute;

// <promesse-delivery key="pk_…" country="FR" postcode="69003" basket='[…]'
// name="…">: the dates that can be promised, to choose from. The chosen date's
// token is the element's value in its form. With readonly there is no choice.
class Delivery extends Block {
  static formAssociated = true;
  static observedAttributes = ['key', 'country', 'postcode', 'basket', 'lang', 'readonly', 'required'];
  #inside = this.attachInternals();
  #turn = 0;
  #timer = 0;
  #asked = 0; // when the dates were, by the machine's clock
  #place = null; // as typed
  #options = [];
  #refusals = [];
  #chosen = null;
  #all = false; // all dates lie open
  #form = null;
  #dates = h('div', { class: 'dates', tabindex: '-1' });
  #seen = () => { if (!document.hidden && this.#asked && Date.now() - this.#asked > stale) this.#load(); };

  get name() { return this.getAttribute('name'); }
  get form() { return this.#inside.form; }
  get type() { return this.localName; }
  get value() { return this.#chosen?.token ?? ''; }
  get validity() { return this.#inside.validity; }
  get validationMessage() { return this.#inside.validationMessage; }
  checkValidity() { return this.#inside.checkValidity(); }
  reportValidity() { return this.#inside.reportValidity(); }

  connectedCallback() {
    document.addEventListener('visibilitychange', this.#seen);
    this.change();
  }

  disconnectedCallback() {
    document.removeEventListener('visibilitychange', this.#seen);
    clearTimeout(this.#timer);
    this.#turn++;
  }

  formResetCallback() {
    this.#choose(null);
    this.#draw();
  }

  formDisabledCallback() { this.#bar(); }

  focus(how) { (this.#dates.querySelector('input:checked, input') ?? this.#form?.querySelector('input') ?? this.#dates).focus(how); }

  // bar lets nobody touch what the page's form disabled.
  #bar() {
    const disabled = this.matches(':disabled');
    for (const e of this.body.querySelectorAll('input, select, button')) e.disabled = disabled;
  }

  get #countries() { return (this.getAttribute('country') ?? 'FR').toUpperCase().split(/[\s,]+/).filter(Boolean); }
  get #readonly() { return this.hasAttribute('readonly'); }

  get #basket() {
    try {
      const lines = JSON.parse(this.getAttribute('basket') ?? '');
      return Array.isArray(lines) && lines.length > 0 ? lines : null;
    } catch {
      return null;
    }
  }

  start() {
    const postcode = (this.getAttribute('postcode') ?? '').trim();
    this.#turn++;
    this.#choose(null);
    this.#options = [];
    this.#all = false;
    this.#asked = 0;
    this.#form = null;
    this.#dates.replaceChildren();
    if (!this.getAttribute('key') || !this.#basket) {
      console.error('promesse-delivery: it needs a key, and lines of the quotes API in basket');
      return this.note(this.words.down);
    }
    const typed = postcode === '' && this.#countries.includes(this.#place?.country) && this.#place;
    this.#place = typed || { country: this.#countries[0], postcode };
    if (postcode === '' || this.#readonly) this.#form = this.#asking();
    this.put(this.#form, this.#dates);
    this.#bar();
    if (this.#place.postcode !== '') this.#load();
  }

  // asking is the form that asks where to.
  #asking() {
    const w = this.words;
    const names = new Intl.DisplayNames([this.locale], { type: 'region', fallback: 'code' });
    const country = h('select', { id: 'country', autocomplete: 'country' },
      this.#countries.map((c) => h('option', { value: c, selected: c === this.#place.country }, /^[A-Z]{2}$/.test(c) ? names.of(c) : c)));
    const postcode = h('input', { id: 'postcode', value: this.#place.postcode, maxlength: 20, size: 8, autocomplete: 'postal-code', 'aria-describedby': 'wrong' });
    const ask = (event) => {
      event.preventDefault();
      this.#place = { country: country.value, postcode: postcode.value.trim() };
      this.#choose(null);
      if (this.#place.postcode === '') return this.#blame(w.postcode_missing, true);
      this.#load(true);
    };
    return h('form', { class: 'where', novalidate: true, onsubmit: ask },
      this.#countries.length > 1 && h('p', { class: 'field' }, h('label', { for: 'country' }, w.country), country),
      h('p', { class: 'field' }, h('label', { for: 'postcode' }, w.postcode), postcode),
      h('button', null, w.see),
      h('p', { id: 'wrong', class: 'wrong', role: 'alert' }));
  }

  // blame says what is wrong with the place that was typed; nothing: all is well.
  #blame(sentence, here) {
    if (!this.#form) return;
    const field = this.#form.querySelector('#postcode');
    this.#form.querySelector('#wrong').textContent = sentence;
    if (sentence === '') return field.removeAttribute('aria-invalid');
    field.setAttribute('aria-invalid', 'true');
    if (here) field.focus();
  }

  async #load(typed) {
    const turn = ++this.#turn;
    const { locale } = this;
    clearTimeout(this.#timer);
    this.#blame('');
    if (typed || this.#options.length === 0) this.#dates.replaceChildren(h('p', { class: 'soft' }, this.words.looking));
    this.#dates.setAttribute('aria-busy', 'true');
    let status = 0;
    let said = null;
    try {
      const answer = await fetch(`${home}api/v1/quotes`, {
        method: 'POST', credentials: 'omit', referrerPolicy: 'no-referrer',
        headers: { Authorization: `Bearer ${this.getAttribute('key')}`, 'Content-Type': 'application/json', 'Accept-Language': locale },
        body: JSON.stringify({ destination: this.#place, lines: this.#basket, locale }),
      });
      status = answer.status;
      said = await answer.json();
    } catch {
      // the network is away, or the origin is none of the key's
    }
    if (turn !== this.#turn || !this.isConnected) return;
    this.#dates.removeAttribute('aria-busy');
    if (status === 200 && said) return this.#take(said, typed);
    this.#refused(status, said, typed);
  }

  // refused says why there are no dates: the API's own words about the place, ours
  // when it can not be asked.
  #refused(status, said, typed) {
    this.#choose(null);
    this.#options = [];
    this.#asked = 0;
    this.#dates.replaceChildren();
    const place = said?.errors?.find(({ field }) => field?.startsWith('destination'));
    if (place && this.#form) return this.#blame(place.detail, typed);
    if (status >= 400 && status !== 429 && status < 500) console.error('promesse-delivery:', said?.code ?? status, said?.detail ?? '');
    const again = h('button', { type: 'button', onclick: () => this.#load(true) }, this.words.retry);
    this.#dates.append(h('p', { class: 'wrong', role: 'alert' }, place ? place.detail : this.words.down), place ? '' : again);
  }

  #take(quote, typed) {
    const before = this.#chosen;
    this.#options = quote.options;
    this.#refusals = quote.hidden;
    this.#asked = Date.now();
    this.#timer = setTimeout(() => { if (!document.hidden) this.#load(); }, stale);
    const same = before && quote.options.find((o) => o.service === before.service && o.from === before.from && o.until === before.until);
    this.#choose(same ?? null, Boolean(same));
    this.#draw(before && !same ? this.words.gone : '');
    if (typed) this.say(quote.options.length ? fill(this.words.found, { count: quote.options.length }) : this.words.none);
  }

  // choose makes an option the element's value, and tells the page.
  #choose(option, tell) {
    this.#chosen = option;
    this.#inside.setFormValue(option?.token ?? null);
    const lacks = this.hasAttribute('required') && !this.#readonly && !option;
    if (!lacks) this.#inside.setValidity({});
    else this.#inside.setValidity({ valueMissing: true }, this.words.choose, this.body.querySelector('[type=radio], #postcode, .dates') ?? undefined);
    if (!tell) return;
    const { token, text, price } = option;
    this.dispatchEvent(new CustomEvent('promesse-choice', { bubbles: true, composed: true, detail: { token, text, price } }));
  }

  #draw(notice) {
    if (!this.#asked) return;
    const w = this.words;
    const some = this.#all ? this.#options : this.#options.filter((o) => this.#first(o) || o === this.#chosen);
    const cards = some.map((o, i) => this.#card(o, some[i - 1]));
    const rest = this.#options.length - some.length;
    const list = this.#readonly
      ? h('ul', { class: 'options' }, cards.map((c) => h('li', null, c)))
      : h('fieldset', null, h('legend', null, w.when), cards);
    this.#dates.replaceChildren(...[
      notice && h('p', { class: 'wrong', role: 'alert' }, notice),
      some.length > 0 ? list : h('p', { class: 'wrong' }, w.none),
      rest > 0 && h('button', { type: 'button', onclick: () => this.#more() }, fill(w.others, { count: rest })),
      this.#refusals.length > 0 && this.#reasons(),
    ].filter(Boolean));
    this.#choose(this.#chosen);
    this.#bar();
  }

  // first reports whether an option is among the first of its service.
  #first(option) {
    return this.#options.filter((o) => o.service === option.service).indexOf(option) < (this.#readonly ? 1 : 3);
  }

  #more() {
    const shown = this.#dates.querySelectorAll('.option').length;
    this.#all = true;
    this.#draw();
    const next = this.#dates.querySelectorAll('.option')[shown];
    (next?.querySelector('input') ?? next)?.focus();
  }

  // card shows an option; what it shares with the one above is not said again.
  #card(o, above) {
    const inside = [
      h('span', { class: 'text' }, o.text),
      h('span', { class: 'price' }, this.#price(o.price)),
      [[this.#sure, ''], [this.#by, 'soft'], [this.#before, 'before']].map(([say, look]) => {
        const said = say.call(this, o);
        return (!above || said !== say.call(this, above)) && h('span', { class: `more small ${look}` }, said);
      }),
      (o.incidents ?? []).map((i) => h('span', { class: 'more small' }, i.text)),
    ];
    if (this.#readonly) return h('div', { class: 'option plain', tabindex: '-1' }, inside);
    const radio = h('input', { type: 'radio', name: 'date', onchange: () => this.#choose(o, true) });
    radio.checked = o === this.#chosen;
    return h('label', { class: 'option' }, radio, inside);
  }

  #price({ minor, currency }) {
    if (minor === 0) return this.words.free;
    const write = new Intl.NumberFormat(tags[this.locale], { style: 'currency', currency });
    return write.format(minor / 10 ** write.resolvedOptions().maximumFractionDigits);
  }

  // by is who brings it, and what that weighs.
  #by({ name, co2e }) {
    return `${name} · ${fill(co2e.grams_by_car ? this.words.carbon_car : this.words.carbon, { grams: co2e.grams, car: co2e.grams_by_car })}`;
  }

  // sure is the estimate's figure, rounded down, and what it stands on.
  #sure({ confidence, basis, mode }) {
    const w = this.words;
    if (!confidence) return mode === 'slot' ? w.because_reserved : w.because_standard;
    return fill(basis === 'pool' ? w.because_pool : w.because_own, { kept: Math.floor(confidence * 100) });
  }

  // before is until when the date can be had, by the clocks at the destination.
  #before({ order_before: until, zone: timeZone }) {
    const at = new Date(until);
    const write = (how) => new Intl.DateTimeFormat(tags[this.locale], { timeZone, ...how }).format(at);
    const day = write({ weekday: 'long', day: 'numeric', month: 'long' }).replace(',', '').replace(/ 1 /, tags[this.locale] === 'fr-FR' ? ' 1er ' : ' 1 ');
    return fill(this.words.before, { day, clock: write({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }) });
  }

  // reasons is what is not offered, each reason once.
  #reasons() {
    const by = new Map();
    for (const { name, text } of this.#refusals) by.set(text, [...by.get(text) ?? [], name]);
    return h('div', { class: 'refused small' }, h('p', null, h('strong', null, this.words.refused)),
      h('ul', null, [...by].map(([text, names]) => h('li', null, h('strong', null, names.join(' · ')), ' ', text))));
  }
}

for (const [name, element] of [['promesse-tracking', Tracking], ['promesse-delivery', Delivery]]) {
  if (!customElements.get(name)) customElements.define(name, element);
}
