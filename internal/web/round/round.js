// A round without network: its pages are kept at hand, and what is done at a door
// while nobody answers is kept on the device and sent later. Without this module the
// pages work, but for that and for signing on the screen.
import { count, named, opens, post, say, submits, told, whenever, words } from '{queue}';

const main = document.querySelector('main');
const queue = document.getElementById('queue');
const pages = '{name} pages';
const widest = 1600; // pixels of a photo: enough to see a door, small enough for a bad network

const within = opens('{name}', { deeds: 'client' });
const kept = async () => (await within('deeds', 'readonly', (s) => s.getAll())).sort((a, b) => a.said - b.said);

// show counts what waits, and says at each stop what was done there.
async function show() {
  const all = await kept();
  count(all.length);
  for (const mark of document.querySelectorAll('.waits')) mark.remove();
  for (const deed of all) {
    const at = document.querySelector(`[data-stop="${CSS.escape(deed.stop)}"]`);
    const mark = document.createElement('p');
    mark.className = 'early care waits';
    const when = new Date(deed.said / 1000).toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' });
    mark.textContent = `${deed.done} (${when}) – ${words.kept}`;
    (at?.querySelector('.card') ?? at)?.append(mark);
  }
  return all;
}

// small is a photo as wide as is needed, upright, without what else stood in its file.
async function small(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, widest / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement('canvas'), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.8));
    return blob ? new File([blob], 'photo.jpg', { type: 'image/jpeg' }) : file;
  } catch {
    return file; // the server says what is wrong with it
  }
}

// holds puts a file into a field, so that it goes with the form whoever sends it.
function holds(field, file) {
  const all = new DataTransfer();
  all.items.add(file);
  field.files = all.files;
}

const pad = document.getElementById('pad');
let drawn = false;

function signs() {
  const pen = pad.getContext('2d');
  Object.assign(pen, { lineWidth: 4, lineCap: 'round', lineJoin: 'round', strokeStyle: '#000' });
  const wipe = () => { pen.fillStyle = '#fff'; pen.fillRect(0, 0, pad.width, pad.height); drawn = false; };
  const at = (e) => [e.offsetX * pad.width / pad.clientWidth, e.offsetY * pad.height / pad.clientHeight];
  pad.addEventListener('pointerdown', (e) => { pad.setPointerCapture(e.pointerId); pen.beginPath(); pen.moveTo(...at(e)); });
  pad.addEventListener('pointermove', (e) => {
    if (!e.buttons) return;
    pen.lineTo(...at(e));
    pen.stroke();
    drawn = true;
  });
  document.getElementById('wipe').addEventListener('click', wipe);
  wipe();
  document.getElementById('signing').hidden = false;
}

async function gather(form) {
  const photo = form.elements.photo;
  if (photo?.files.length) holds(photo, await small(photo.files[0]));
  if (form.elements.signature && drawn) {
    const blob = await new Promise((done) => pad.toBlob(done, 'image/png'));
    holds(form.elements.signature, new File([blob], 'signature.png', { type: 'image/png' }));
  }
}

// proven reports whether a hand-over has a proof that needs no network to be looked at.
const proven = (form) => form.dataset.act !== 'delivered'
  || form.elements.photo.files.length > 0 || form.elements.signature.files.length > 0 || form.elements.signed_by.value.trim() !== '';

async function keep(form) {
  if (!main.dataset.shift) return say(words.nobody);
  if (!proven(form)) return say(words.proof);
  const fields = [...new FormData(form)].filter(([name, value]) => !(value instanceof File) || value.size > 0).filter(([name]) => name !== 'code');
  const deed = { client: form.elements.client.value, stop: main.dataset.stop, shift: main.dataset.shift, said: Date.now() * 1000, done: form.dataset.done, fields };
  await within('deeds', 'readwrite', (s) => s.put(deed));
  location.assign('/tournee/');
}

async function send(deed) {
  const body = new FormData();
  for (const [name, value] of deed.fields) body.append(name, value);
  for (const [name, value] of Object.entries({ stop: deed.stop, shift: deed.shift, said: deed.said, sent: Date.now() * 1000 })) body.append(name, String(value));
  const came = await post(body);
  if (!came) return false;
  told(came.tone, came.words);
  if (came.done) await within('deeds', 'readwrite', (s) => s.delete(deed.client));
  return came.done;
}

// sendAll sends what waits, one by one.
async function sendAll() {
  const all = await kept();
  if (all.length === 0) return;
  say('');
  for (const deed of all) if (!await send(deed)) break;
  await show();
  await hold();
}

async function submit(event) {
  event.preventDefault();
  const form = event.target;
  if (form.ariaBusy === 'true') return;
  form.ariaBusy = 'true';
  try {
    await gather(form);
    await submits(form, new FormData(form), () => keep(form));
  } finally {
    form.ariaBusy = 'false';
  }
}

// hold keeps the pages of the round at hand, those of no other.
async function hold() {
  if (!('caches' in globalThis) || main.id !== 'round') return;
  const paths = ['/tournee/', ...Array.from(document.querySelectorAll('[data-stop] a'), (a) => new URL(a.href).pathname)];
  const cache = await caches.open(pages);
  for (const had of await cache.keys()) {
    if (!paths.includes(new URL(had.url).pathname)) await cache.delete(had);
  }
  await Promise.all(paths.map(async (path) => {
    try {
      const answer = await fetch(path);
      if (answer.ok && !answer.redirected) await cache.put(path, answer);
    } catch { /* what was kept before stays */ }
  }));
  document.documentElement.dataset.held = String(paths.length);
}

// clock is the instant in the installation's time: what the page says, when it came
// over the network, and since then what has passed; else this device's.
const loaded = Date.now();
const begun = (form) => (navigator.onLine ? Number(form.dataset.now) : loaded * 1000);

// heed shows what handing over now would break: the clock may have moved since the
// page was made.
function heed(form) {
  const warning = document.getElementById('too-early');
  if (!warning) return;
  const early = begun(form) + (Date.now() - loaded) * 1000 < Number(form.dataset.free);
  warning.hidden = !early;
  form.elements.meant.required = early;
}

// listen asks again and again what the shopper answered.
function listen(early) {
  const again = setInterval(async () => {
    let came;
    try {
      came = await (await fetch(early.dataset.ask)).json();
    } catch {
      return;
    }
    if (came.state === early.dataset.state) return;
    clearInterval(again);
    location.reload();
  }, 3000);
}

if (main.id === 'nobody') caches?.delete(pages); // nobody drives: the round is not at hand any more
if (main.dataset.worker) navigator.serviceWorker?.register(main.dataset.worker);
if (queue) {
  const sending = whenever('{name}', sendAll);
  show().then((all) => {
    if (all.length && navigator.onLine) return sending();
    return hold();
  });
}
if (pad) signs();
for (const form of document.querySelectorAll('form[data-act]')) {
  form.elements.client.value = named();
  form.addEventListener('submit', submit);
  if (form.dataset.free) { heed(form); setInterval(() => heed(form), 20000); }
}
for (const form of document.querySelectorAll('form[data-online]')) {
  form.addEventListener('submit', (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    say(form.dataset.online);
  });
}
const early = document.getElementById('early');
if (early?.dataset.state === 'asked') listen(early);
