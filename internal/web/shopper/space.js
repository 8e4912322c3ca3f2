// Has the pages of a space kept at hand for when there is no network. An order's page
// that is read by its link alone, on whoever's device, is not kept.

const shelf = 'promesse-client';
const home = location.pathname.startsWith('/espace');

async function start() {
  if (!home && !(await caches.has(shelf))) return;
  await navigator.serviceWorker.register('/espace/hors-ligne.js', { scope: '/espace' });
  await navigator.serviceWorker.register('/p/notifications.js', { scope: '/p/' });
  if (navigator.serviceWorker.controller || new URLSearchParams(location.search).has('note')) return;
  const page = await fetch(location.href); // the first one was read before there was a worker
  if (page.ok && !page.redirected) await (await caches.open(shelf)).put(location.href, page);
}

if ('serviceWorker' in navigator && 'caches' in window) start().catch(() => {}); // there may be no room, or no network
