// Keeps the page to scan on at hand for when there is no network. It keeps no page
// with anybody's name on it, and sends nothing: the page's module does.

const name = 'promesse-comptoir {module}';
const parts = ['{shell}', '{module}'];

addEventListener('install', (event) => {
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(parts)).then(() => skipWaiting()));
});

addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const other of await caches.keys()) {
      if (other.startsWith('promesse-comptoir ') && other !== name) await caches.delete(other);
    }
    await clients.claim();
  })());
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const { pathname, search } = new URL(request.url);
  if (pathname + search === '{module}') {
    event.respondWith(caches.match(request).then((had) => had ?? fetch(request)));
  } else if (request.mode === 'navigate' && request.method === 'GET') {
    event.respondWith(fetch(request).catch(() => caches.match('{shell}')));
  }
});
