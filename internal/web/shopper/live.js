// Keeps an order's page as it is now: when the stream tells of another version,
// the main part is fetched again and put in the place of the old one. Without
// this module the page says the same, as of when it was opened.

const minutes = 60_000;
const main = () => document.querySelector('main[data-version]');

let tag = '';
let stream;

async function refresh() {
  const answer = await fetch(location.href, {
    cache: 'no-store',
    headers: tag ? { 'If-None-Match': tag } : {},
  });
  if (answer.status === 304) return;
  if (!answer.ok) return; // what is shown stays, with its age
  tag = answer.headers.get('ETag') ?? '';
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.querySelector('main[data-version]');
  if (fresh) swap(main(), document.adoptNode(fresh));
}

// swap keeps the focus where it was, and tells those who listen what is new.
function swap(old, fresh) {
  const said = old.querySelector('h1').textContent;
  const focus = old.contains(document.activeElement) ? document.activeElement.id : '';
  old.replaceWith(fresh);
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  const says = fresh.querySelector('h1').textContent;
  if (says !== said) document.getElementById('news').textContent = says;
}

const soon = () => refresh().catch(() => {}); // the network may be away: the stream comes back

function listen() {
  stream = new EventSource(`${location.pathname}/live`);
  stream.addEventListener('version', (event) => {
    if (JSON.parse(event.data).version !== main().dataset.version) soon();
  });
}

// A page that nobody sees needs no news; seen again, it is brought up to date.
document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    stream?.close();
    return;
  }
  soon();
  listen();
});

// Ages grow without news.
setInterval(() => {
  if (!document.hidden) soon();
}, 5 * minutes);

if (!document.hidden) listen();
