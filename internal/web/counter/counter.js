// Scans without network: what is scanned while nobody answers is kept on the device
// and sent later. Without this module the pages work, but for that and the camera.
import { count, named, opens, post, say, submits, told, whenever, words } from '{queue}';

const form = document.getElementById('scan');
const queue = document.getElementById('queue');
const most = 20; // scans sent at a time

const within = opens('{name}', { scans: 'client', shift: 'key' });
const kept = () => within('scans', 'readonly', (s) => s.getAll());

// shift is who works here, as the last page with a network said.
async function shift() {
  const { shift: id, place, clerk } = form.dataset;
  if (id) {
    const now = { key: 'now', id, place, clerk };
    await within('shift', 'readwrite', (s) => s.put(now));
    return now;
  }
  return within('shift', 'readonly', (s) => s.get('now'));
}

async function show() {
  const all = await kept();
  count(all.length);
  return all;
}

// slip shows the receipt that says that it is not the last word.
function slip(scan, at) {
  document.querySelector('.slip')?.remove();
  const copy = document.getElementById('slip').content.cloneNode(true);
  const told = {
    code: scan.code, client: scan.client.slice(0, 8).toUpperCase(), place: at.place, clerk: at.clerk,
    when: new Date(scan.said / 1000).toLocaleString(document.documentElement.lang, { dateStyle: 'long', timeStyle: 'short' }),
  };
  for (const [key, value] of Object.entries(told)) copy.querySelector(`[data-of="${key}"]`).textContent = value;
  form.before(copy);
}

async function keep() {
  const at = await shift();
  if (!at) return say(words.nobody);
  const scan = {
    client: form.elements.client.value || named(), code: form.elements.code.value.trim(),
    wish: form.elements.wish.checked ? form.elements.wish.value : '', shift: at.id, said: Date.now() * 1000,
  };
  await within('scans', 'readwrite', (s) => s.put(scan));
  form.elements.client.value = named();
  form.elements.code.value = '';
  form.elements.code.focus();
  slip(scan, at);
  await show();
}

async function send() {
  const all = (await kept()).sort((a, b) => a.said - b.said).slice(0, most);
  if (all.length === 0) return 0;
  const came = await post(new URLSearchParams({ sent: String(Date.now() * 1000), scans: JSON.stringify(all) }));
  if (!came) return 0;
  let done = 0;
  say('');
  for (const a of came.answers) {
    const scan = all.find((s) => s.client === a.client);
    told(a.tone, `${scan?.code ?? ''} – ${a.words}`);
    if (a.done) { await within('scans', 'readwrite', (s) => s.delete(a.client)); done += 1; }
  }
  await show();
  return done;
}

async function submit(event) {
  event.preventDefault();
  if (!form.dataset.shift) return keep().catch(() => say(words.full));
  return submits(form, new URLSearchParams(new FormData(form)), keep);
}

if (form && queue) {
  form.elements.code.focus({ preventScroll: true }); // a scanner types where the focus is; the answer above stays in sight
  form.addEventListener('submit', submit);
  if (form.dataset.worker) navigator.serviceWorker?.register(form.dataset.worker);
}
if (queue) {
  const sendAll = whenever('{name}', async () => { while (await send() === most) { /* there may be more */ } }); // batch by batch
  if (form) shift();
  show().then((all) => { if (all.length && navigator.onLine) return sendAll(); });
}

const camera = document.getElementById('camera');
if (camera && 'BarcodeDetector' in window && navigator.mediaDevices) {
  camera.hidden = false;
  camera.addEventListener('click', () => {
    import('{camera}').then((m) => m.look(form, camera)).catch(() => {
      document.getElementById('camera-said').textContent = camera.dataset.failed;
    });
  });
}

for (const button of document.querySelectorAll('[data-print]')) button.hidden = false;
addEventListener('click', (event) => { if (event.target.closest?.('[data-print]')) print(); });
