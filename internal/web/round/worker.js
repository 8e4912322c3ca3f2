// Keeps the pages of a round at hand for when there is no network, as the network
// gave them last. The page's module forgets them when the round is over, and sends
// what was done: this sends nothing.

const parts = 'promesse-tournee parts {module}';
const pages = 'promesse-tournee pages';

addEventListener('install', (event) => {
  event.waitUntil(caches.open(parts).then((cache) => cache.addAll(['{shell}', '{module}'])).then(() => skipWaiting()));
});

addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const other of await caches.keys()) {
      if (other.startsWith('promesse-tournee parts') && other !== parts) await caches.delete(other);
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
  if (pathname + search === '{module}') {
    event.respondWith(caches.match(request).then((had) => had ?? fetch(request)));
  } else if (request.mode === 'navigate' && request.method === 'GET') {
    event.respondWith(page(request));
  }
});
