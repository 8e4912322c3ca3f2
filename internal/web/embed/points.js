// Relay points as an element of the shop's own pages. It stands on the module of
// the other blocks; the program puts this one's sentences in front of it.

import { Block, fill, h, home, tags } from './v1.js';

// <promesse-points key="pk_…" country="FR" postcode="69003" network="mondial_relay"
// service="collect" grams="2500" name="…">: the points that take a parcel, the
// nearest first, to choose from. The chosen point's id is the element's value in
// its form.
class Points extends Block {
  static formAssociated = true;
  static words = said;
  static observedAttributes = ['key', 'country', 'postcode', 'network', 'service', 'grams', 'lang', 'required'];
  #inside = this.attachInternals();
  #turn = 0;
  #text = ''; // as typed
  #open = false; // only those that are open now
  #found = null;
  #chosen = null;
  #list = h('div', { class: 'dates', tabindex: '-1' });

  get name() { return this.getAttribute('name'); }
  get form() { return this.#inside.form; }
  get type() { return this.localName; }
  get value() { return this.#chosen?.id ?? ''; }
  get validity() { return this.#inside.validity; }
  get validationMessage() { return this.#inside.validationMessage; }
  checkValidity() { return this.#inside.checkValidity(); }
  reportValidity() { return this.#inside.reportValidity(); }

  connectedCallback() { this.change(); }
  disconnectedCallback() { this.#turn++; }

  formResetCallback() {
    this.#choose(null);
    this.#draw();
  }

  formDisabledCallback() { this.#bar(); }

  focus(how) { (this.#list.querySelector('input:checked, input') ?? this.body.querySelector('input') ?? this.#list).focus(how); }

  // bar lets nobody touch what the page's form disabled.
  #bar() {
    const disabled = this.matches(':disabled');
    for (const e of this.body.querySelectorAll('input, button')) e.disabled = disabled;
  }

  start() {
    this.#turn++;
    this.#found = null;
    this.#choose(null);
    this.#list.replaceChildren();
    if (!this.getAttribute('key')) {
      console.error('promesse-points: it needs a key');
      return this.note(this.words.down);
    }
    this.#text = this.#text || (this.getAttribute('postcode') ?? '').trim();
    this.put(this.#asking(), this.#list);
    this.#choose(null); // the field to lead to is there now
    this.#bar();
    if (this.#text !== '') this.#load();
  }

  #asking() {
    const w = this.words;
    const where = h('input', { id: 'postcode', value: this.#text, maxlength: 200, autocomplete: 'postal-code', 'aria-describedby': 'wrong' });
    const now = h('input', { id: 'now', type: 'checkbox' });
    now.checked = this.#open;
    const ask = (event) => {
      event.preventDefault();
      this.#text = where.value.trim();
      this.#open = now.checked;
      this.#choose(null);
      if (this.#text === '') return this.#blame(w.where_missing, true);
      this.#load(true);
    };
    return h('form', { class: 'where', novalidate: true, onsubmit: ask },
      h('p', { class: 'field' }, h('label', { for: 'postcode' }, w.where), where),
      h('p', { class: 'tap' }, now, h('label', { for: 'now' }, w.now)),
      h('button', null, w.find),
      h('p', { id: 'wrong', class: 'wrong', role: 'alert' }));
  }

  // blame says what is wrong with the place that was typed; nothing: all is well.
  #blame(sentence, here) {
    const field = this.body.querySelector('#postcode');
    this.body.querySelector('#wrong').textContent = sentence;
    if (sentence === '') return field.removeAttribute('aria-invalid');
    field.setAttribute('aria-invalid', 'true');
    if (here) field.focus();
  }

  get #question() {
    const asked = { text: this.#text, country: (this.getAttribute('country') ?? 'FR').toUpperCase(), service: this.getAttribute('service') ?? 'collect', limit: 8 };
    const grams = Number(this.getAttribute('grams'));
    if (grams > 0) asked.grams = Math.round(grams);
    if (this.hasAttribute('network')) asked.network = this.getAttribute('network');
    if (this.#open) asked.open_now = true;
    return new URLSearchParams(asked);
  }

  async #load(typed) {
    const turn = ++this.#turn;
    this.#blame('');
    this.#list.setAttribute('aria-busy', 'true');
    let status = 0;
    let answered = null;
    try {
      const answer = await fetch(`${home}api/v1/points?${this.#question}`, {
        credentials: 'omit', referrerPolicy: 'no-referrer',
        headers: { Authorization: `Bearer ${this.getAttribute('key')}`, 'Accept-Language': this.locale },
      });
      status = answer.status;
      answered = await answer.json();
    } catch {
      // the network is away, or the origin is none of the key's
    }
    if (turn !== this.#turn || !this.isConnected) return;
    this.#list.removeAttribute('aria-busy');
    if (status === 200 && answered) {
      this.#found = answered;
      this.#draw();
      if (typed) this.say(answered.items.length ? fill(this.words.found, { count: answered.items.length }) : this.words.none);
      return;
    }
    this.#found = null;
    this.#list.replaceChildren();
    if (status === 422) return this.#blame(this.words.unknown, typed);
    if (status >= 400 && status !== 429 && status < 500) console.error('promesse-points:', answered?.code ?? status, answered?.detail ?? '');
    this.#list.append(h('p', { class: 'wrong', role: 'alert' }, this.words.down), h('button', { type: 'button', onclick: () => this.#load(true) }, this.words.retry));
  }

  // choose makes a point the element's value, and tells the page.
  #choose(point, tell) {
    this.#chosen = point;
    this.#inside.setFormValue(point?.id ?? null);
    if (!this.hasAttribute('required') || point) this.#inside.setValidity({});
    else this.#inside.setValidity({ valueMissing: true }, this.words.choose, this.body.querySelector('[type=radio], #postcode') ?? undefined);
    if (!tell) return;
    const { id, network, code, kind, name, street, postcode, city, country } = point;
    this.dispatchEvent(new CustomEvent('promesse-point', { bubbles: true, composed: true, detail: { id, network, code, kind, name, street, postcode, city, country } }));
  }

  #draw() {
    if (!this.#found) return;
    const w = this.words;
    const { items, near } = this.#found;
    this.#list.replaceChildren(...[
      near.label && h('p', { class: 'soft small' }, fill(w.around, { place: near.label })),
      items.length > 0
        ? h('fieldset', null, h('legend', null, w.legend), items.map((p) => this.#card(p)))
        : h('p', { class: 'wrong' }, w.none),
    ].filter(Boolean));
    this.#choose(items.find(({ id }) => id === this.#chosen?.id) ?? null);
    this.#bar();
  }

  #card(p) {
    const radio = h('input', { type: 'radio', name: 'point', onchange: () => this.#choose(p, true) });
    radio.checked = p.id === this.#chosen?.id;
    return h('label', { class: 'option' }, radio,
      h('span', { class: 'text' }, p.name),
      h('span', { class: 'price' }, this.#far(p.metres)),
      h('span', { class: 'more small' }, [p.street, `${p.postcode} ${p.city}`].filter(Boolean).join(', ')),
      h('span', { class: 'more small soft' }, this.#hours(p)));
  }

  #far(metres) {
    const unit = metres < 1000 ? 'meter' : 'kilometer';
    const value = metres < 1000 ? Math.round(metres / 10) * 10 : metres / 1000;
    return new Intl.NumberFormat(tags[this.locale], { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
  }

  // hours is whether it is open, by the clocks at the point.
  #hours({ hours, opens, open_now: now, zone: timeZone }) {
    const w = this.words;
    if (!hours) return w.unsaid;
    if (!opens) return now ? w.always : w.closed;
    const at = (instant) => new Intl.DateTimeFormat(tags[this.locale], { timeZone, weekday: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(instant));
    return now ? fill(w.until, { when: at(opens.until) }) : fill(w.from, { when: at(opens.from) });
  }
}

if (!customElements.get('promesse-points')) customElements.define('promesse-points', Points);
