// Scans without network: what is scanned while nobody answers is kept in the
// browser's database and sent later, as often as it takes. The server knows each
// scan by the name that this module gives it, so that sending twice does nothing
// twice. Without this module the pages work, but for that and the camera.

const form = document.getElementById('scan');
const queue = document.getElementById('queue');
const words = queue?.dataset ?? {};
const most = 20; // scans sent at a time

const base = new Promise((resolve, reject) => {
  const asked = indexedDB.open('promesse-comptoir', 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore('scans', { keyPath: 'client' });
    asked.result.createObjectStore('shift', { keyPath: 'key' });
  };
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

// within runs one request on a store, and waits until it is kept.
async function within(store, mode, ask) {
  const transaction = (await base).transaction(store, mode, { durability: 'strict' });
  const asked = ask(transaction.objectStore(store));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

const kept = () => within('scans', 'readonly', (s) => s.getAll());
const forget = (client) => within('scans', 'readwrite', (s) => s.delete(client));

function named() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

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

async function count() {
  const all = await kept();
  queue.hidden = all.length === 0 && queue.querySelector('li') === null;
  document.getElementById('queue-count').textContent = all.length ? `${all.length} ${words.count}` : '';
  document.getElementById('queue-send').hidden = all.length === 0;
  return all;
}

function say(text) { document.getElementById('queue-said').textContent = text; queue.hidden = false; }

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
  await count();
}

async function send() {
  const all = (await kept()).sort((a, b) => a.said - b.said).slice(0, most);
  if (all.length === 0) return 0;
  const body = new URLSearchParams({ sent: String(Date.now() * 1000), scans: JSON.stringify(all) });
  let answer;
  try {
    answer = await fetch('/comptoir/envoi', { method: 'POST', body });
  } catch {
    say(words.unsent);
    return 0;
  }
  if (answer.redirected || answer.status === 403) { say(words.revoked); return 0; }
  if (!answer.ok) { say(words.unsent); return 0; }
  let done = 0;
  const list = document.getElementById('queue-answers');
  say('');
  for (const a of (await answer.json()).answers) {
    const scan = all.find((s) => s.client === a.client);
    const row = document.createElement('li');
    row.className = a.tone;
    row.textContent = `${scan?.code ?? ''} – ${a.words}`;
    list.append(row);
    if (a.done) { await forget(a.client); done += 1; }
  }
  await count();
  return done;
}

// sendAll sends what waits, batch by batch, in one tab at a time.
const sendAll = () => navigator.locks.request('promesse-comptoir', async () => {
  while (await send() === most) { /* there may be more */ }
});

async function submit(event) {
  event.preventDefault();
  if (!form.dataset.shift) return keep().catch(() => say(words.full));
  let answer;
  try {
    answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
  } catch {
    return keep().catch(() => say(words.full));
  }
  if (answer.redirected) return location.assign(answer.url);
  return form.submit(); // the page says what is wrong
}

if (form && queue) {
  form.elements.code.focus({ preventScroll: true }); // a scanner types where the focus is; the answer above stays in sight
  form.addEventListener('submit', submit);
  document.getElementById('queue-send').addEventListener('click', sendAll);
  addEventListener('online', sendAll);
  shift().then(count).then((all) => { if (all.length && form.dataset.shift && navigator.onLine) return sendAll(); });
  if (form.dataset.worker) navigator.serviceWorker?.register(form.dataset.worker);
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
