// Keeps at hand, for when there is no network, the pages that somebody signed in to
// their space has read: the space itself and the orders it leads to. Nothing is kept
// of who is not signed in, no page on which one acts, and nothing beyond signing out
// or erasing. It sends nothing.

const shelf = 'promesse-client'; // there is one only while somebody is signed in
const shell = '/espace/hors-ligne';
const parts = 'promesse-client parts';
const month = 30 * 24 * 3600 * 1000; // as long as a session lives without a visit
const kept = /^\/(espace(\/donnees)?|p\/[A-Za-z0-9_-]{22})$/;
const order = /^\/espace\/commande\//;
const leaves = /^\/espace\/(sortir|donnees\/effacer)$/;

addEventListener('install', (event) => {
  event.waitUntil(caches.open(parts).then((cache) => cache.add(shell)).then(() => skipWaiting()));
});

addEventListener('activate', (event) => event.waitUntil(clients.claim()));

addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.mode !== 'navigate') return;
  const { pathname, search } = new URL(request.url);
  const out = leaves.test(pathname) && request.method === 'POST';
  if (out || (pathname === '/espace/entrer' && search === '')) {
    event.respondWith(caches.delete(shelf).then(() => fetch(request)).catch(() => caches.match(shell)));
  } else if (request.method === 'GET') {
    event.respondWith(read(event, pathname));
  }
});

async function read(event, path) {
  try {
    const fresh = await fetch(event.request);
    if (order.test(path) && fresh.type === 'opaqueredirect') event.waitUntil(follow(event.request.url));
    else if (kept.test(path)) event.waitUntil(keep(event.request.url, path, fresh.clone()));
    return fresh;
  } catch {
    return (await had(event.request.url)) ?? caches.match(shell);
  }
}

// keep puts a page on the shelf. A page behind a link is kept only beside a space,
// and goes once the link opens nothing any more.
async function keep(url, path, page) {
  if (path.startsWith('/p/') && !(await caches.has(shelf))) return;
  if (page.status === 404) await (await caches.open(shelf)).delete(url);
  if (page.status === 200 && !new URL(url).searchParams.has('note')) await (await caches.open(shelf)).put(url, page);
}

// follow keeps where an order of the space leads to, and the page there.
async function follow(url) {
  if (!(await caches.has(shelf))) return;
  const page = await fetch(url);
  const path = new URL(page.url).pathname;
  if (!page.ok || !kept.test(path)) return;
  const cache = await caches.open(shelf);
  await cache.put(url, new Response(null, { headers: { 'X-To': path } }));
  await cache.put(page.url, new Response(await page.blob(), { headers: page.headers }));
}

// had is a page as it was read last, which says when that was.
async function had(url) {
  if (!(await caches.has(shelf))) return undefined;
  const cache = await caches.open(shelf);
  const page = await cache.match(url, { ignoreSearch: new URL(url).pathname !== '/espace' });
  if (!page) return undefined;
  const to = page.headers.get('X-To');
  if (to) return Response.redirect(to);
  const seen = new Date(page.headers.get('Date'));
  if (Date.now() - seen > month) {
    await caches.delete(shelf);
    return undefined;
  }
  const text = await page.text();
  const language = /<html lang="(\w+)"/.exec(text)?.[1];
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short' }).format(seen);
  const said = text.replace(/(<div id="as-of") hidden>/, '$1>').replace('<b></b>', `<b>${when}</b>`);
  return new Response(said, { headers: page.headers });
}
