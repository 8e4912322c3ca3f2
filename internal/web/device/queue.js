// What is done on a shared device while nobody answers waits in the browser's database
// and is sent later, as often as it takes. The server knows each thing by the name that
// it is given here, so that sending twice does nothing twice.

const queue = document.getElementById('queue');
export const words = queue?.dataset ?? {};

// opens gives what runs one request on a store of a database, and waits until it is
// kept. Stores are made with the field that names what is in them.
export function opens(name, stores) {
  const base = new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(stores)) asked.result.createObjectStore(store, { keyPath });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return async (store, mode, ask) => {
    const transaction = (await base).transaction(store, mode, { durability: 'strict' });
    const asked = ask(transaction.objectStore(store));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  };
}

export function named() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

export function say(text) { document.getElementById('queue-said').textContent = text; queue.hidden = false; }

// count says how many things wait.
export function count(many) {
  queue.hidden = many === 0 && queue.querySelector('li') === null;
  document.getElementById('queue-count').textContent = many ? `${many} ${words.count}` : '';
  document.getElementById('queue-send').hidden = many === 0;
}

// submits sends a form as the browser would, and keeps what it says where nobody answers.
export async function submits(form, body, keep) {
  let answer;
  try {
    answer = await fetch(form.action, { method: 'POST', body });
  } catch {
    return keep().catch(() => say(words.full));
  }
  if (answer.redirected) return location.assign(answer.url);
  return form.submit(); // the page says what is wrong
}

// post sends what waited, and gives what came of it; nothing, when it goes on waiting.
export async function post(body) {
  let answer;
  try {
    answer = await fetch(words.send, { method: 'POST', body });
  } catch {
    say(words.unsent);
    return undefined;
  }
  if (answer.redirected || answer.status === 403) { say(words.revoked); return undefined; }
  if (!answer.ok) { say(words.unsent); return undefined; }
  return answer.json();
}

// told shows what came of one thing.
export function told(tone, text) {
  const row = document.createElement('li');
  row.className = tone;
  row.textContent = text;
  document.getElementById('queue-answers').append(row);
}

// whenever has all that waits sent by the button and as soon as there is a network, in
// one tab at a time, and gives what does it.
export function whenever(name, send) {
  const all = () => navigator.locks.request(name, send);
  document.getElementById('queue-send').addEventListener('click', all);
  addEventListener('online', all);
  return all;
}
