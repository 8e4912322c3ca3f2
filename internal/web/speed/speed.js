// Tells once how long this page took to show: from the click to its largest part
// painted. Told are the kind of page, the shop, the time and one of three widths
// of window; no cookie is set or sent, nothing is stored, and no address of this
// page, which may be a secret, leaves it. Without this module the page is the same.

const [page, shop] = document.querySelector('meta[name="promesse-speed"]')?.content.split(' ') ?? [];
const slowest = 60_000;

let painted = 0;
let told = document.hidden; // a page opened behind another is not waited for

try {
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) painted = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
} catch {
  // a browser that does not measure it: the end of loading is told instead
}

// width is the class of the window, as the style sheets part them.
function width() {
  if (innerWidth < 600) return 'narrow';
  return innerWidth < 1024 ? 'medium' : 'wide';
}

function tell() {
  if (told || !shop) return;
  told = true;
  const [opened] = performance.getEntriesByType('navigation');
  const took = Math.round((painted || opened?.domContentLoadedEventEnd || 0) - (opened?.activationStart ?? 0));
  if (took <= 0 || took > slowest) return;
  const visit = new URLSearchParams({ shop, page, ms: took, width: width() });
  navigator.sendBeacon(new URL('../vitesse', import.meta.url), visit);
}

// The largest part is known once nothing larger came for a while, and at the
// latest when the page is left.
const soon = () => setTimeout(tell, 2000);
if (document.readyState === 'complete') soon();
else addEventListener('load', soon, { once: true });
addEventListener('pagehide', tell);
document.addEventListener('visibilitychange', () => {
  if (document.hidden) tell();
});
