// Keeps pages at hand for when there is no network: one that is the same for
// everybody, and those that the page's module put by as the network gave them last.
// It sends nothing, and forgets nothing but older scripts: the module does.

const scripts = ['{module}', '{queue}'];
const parts = `{name} parts ${scripts.join(' ')}`;
const pages = '{name} pages';

addEventListener('install', (event) => {
  event.waitUntil(caches.open(parts).then((cache) => cache.addAll(['{shell}', ...scripts])).then(() => skipWaiting()));
});

addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const other of await caches.keys()) {
      if (other.startsWith('{name} ') && other !== parts && other !== pages) await caches.delete(other);
    }
    await clients.claim();
  })());
});

async function page(request) {
  try {
    return await fetch(request);
  } catch {
    const cache = await caches.open(pages);
    return await cache.match(new URL(request.url).pathname) ?? caches.match('{shell}');
  }
}

addEventListener('fetch', (event) => {
  const { request } = event;
  const { pathname, search } = new URL(request.url);
  if (scripts.includes(pathname + search)) {
    event.respondWith(caches.match(request).then((had) => had ?? fetch(request)));
  } else if (request.mode === 'navigate' && request.method === 'GET') {
    event.respondWith(page(request));
  }
});
