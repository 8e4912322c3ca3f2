// A shop of the test's own in a running demo: it sells, packs and delivers through
// the public API, and nobody of the demo's world touches its orders.
import { randomUUID } from 'node:crypto';

const week = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const lines = [{ sku: 'HUI', name: "Huile d'olive", units: 4, unit_price: { minor: 1490, currency: 'EUR' }, grams: 980 }];

export class OwnShop {
  // opens founds the shop with its owner; more is changed in its connections.
  static async opens(demo, { owner = 'claire@atelier.example', name = 'Atelier des Lilas', carrier = {} } = {}) {
    const shop = new OwnShop();
    const said = await demo.run('merchant', 'create', name, '--owner-email', owner);
    Object.assign(shop, { demo, owner, name, key: said.match(/\bsk_\S+/)[0], id: said.match(/\bmer_\S+/)[0], sold: 0 });
    await shop.furnish(carrier);
    return shop;
  }

  async furnish(carrier) {
    const cutoffs = Object.fromEntries(week.map((day) => [day, '23:00']));
    await this.api('POST', '/stock-points', { name: 'Atelier', country: 'FR', postcode: '69002', zone: 'Europe/Paris', cutoffs });
    for (const [adapter, mode] of [['simulated', 'home'], ['ownfleet', 'slot']]) {
      const { id } = await this.api('POST', '/connections', { adapter, name: mode === 'home' ? 'Colis Express' : 'Nos coursiers', zone: 'Europe/Paris', grace_seconds: 3600, ...carrier });
      const service = await this.api('POST', '/services', {
        carrier: id, name: mode === 'home' ? 'À domicile' : 'Sur rendez-vous', mode, countries: ['FR'], collects: week, delivers: week, region: 'FR',
        standards: mode === 'home' ? [{ days: 1, class: 'agglomeration' }, { days: 2, class: 'elsewhere' }] : [],
      });
      await this.api('POST', '/tariffs', { service: service.id, price: { minor: 590, currency: 'EUR' } });
      this[mode] = { carrier: id, service: service.id };
    }
    const windows = week.flatMap((weekday) => [['14:00', '16:00'], ['18:00', '20:00']].map(([from, until]) => ({ weekday, from, until, capacity: 100 })));
    await this.api('PUT', `/services/${this.slot.service}/slots`, { windows });
  }

  async api(method, path, body) {
    const answer = await fetch(`${this.demo.url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.key}`, 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  }

  // sells places an order: by appointment, or as a parcel. The answer has its
  // id, its page as a path, and the hours that were promised.
  async sells(mode, { email = 'camille@example.com', locale = 'fr' } = {}) {
    const { options } = await this.api('POST', '/quotes', { destination: { country: 'FR', postcode: '69003' }, lines });
    const option = options.find((o) => o.service === this[mode].service);
    const { point } = this[mode];
    const reference = `T-${++this.sold}`;
    const order = await this.api('POST', '/orders', {
      reference, token: option.token, point, lines, shopper: { email, name: 'Camille Durand', locale },
      ship_to: { name: 'Camille Durand', street: '3 rue des Lilas', postcode: '69003', city: 'Lyon', country: 'FR' },
    });
    return { id: order.id, reference, mode, number: `${reference}-A`, page: new URL(order.page).pathname, from: option.from, until: option.until };
  }

  // packs announces the order's parcel.
  async packs(order) {
    await this.api('POST', `/orders/${order.id}/parcels`, { carrier: this[order.mode].carrier, number: order.number });
    return order;
  }

  // tells reports what happened to it, now in the world.
  async tells(order, status) {
    const now = await this.now();
    const { rejected } = await this.api('POST', `/events?carrier=${this[order.mode].carrier}`, { events: [{ tracking_number: order.number, status, occurred_at: now }] });
    if (rejected.length > 0) throw new Error(JSON.stringify(rejected));
    return order;
  }

  // now is what time it is in the world: when an order that is placed was placed.
  async now() {
    const { items } = await this.api('GET', '/orders?limit=1');
    return items[0].placed_at;
  }
}

// paused has the demo's clock stand still, so that nothing changes but what the
// test does.
export async function paused(demo) {
  const answer = await fetch(`${demo.url}/monde/pause`, { method: 'POST', redirect: 'manual' });
  if (answer.status !== 303) throw new Error(`the world does not pause: ${answer.status}`);
}

// letter waits for a letter to somebody that opens something, and answers what it
// opens: a code, or an address.
export async function letter(person, demo, to) {
  const page = await person.context.newPage();
  try {
    const mail = page.locator('.letter', { hasText: to }).locator('pre').first();
    await page.goto(`${demo.url}/monde/courrier`);
    while (await mail.count() === 0) await page.reload();
    const text = await mail.innerText();
    return text.match(/^\d{6}$/m)?.[0] ?? text.match(/https?:\S+\/sign-in\/\S+/)[0];
  } finally {
    await page.close();
  }
}
