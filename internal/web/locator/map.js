// Draws the points of the list on a map, once somebody asks for it: until then
// nothing of it is loaded. The list says all that the map shows; each marker is a
// button that leads to its card.

import * as libre from '{libre}';

const icon = (n, name) => {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'pin';
  button.textContent = n;
  button.setAttribute('aria-label', `${n}. ${name}`);
  return button;
};

const go = (card) => {
  card.tabIndex = -1;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
};

export function draw(section) {
  const { style, title, failed } = section.dataset;
  const said = section.querySelector('[role="status"]');
  const list = document.querySelector('ol.points');
  const bounds = new libre.LngLatBounds();
  const cards = [...list.children].map((card, i) => ({ card, n: i + 1, at: card.dataset.at?.split(',').map(Number).reverse() }));
  const known = cards.filter(({ at }) => at);
  for (const { at } of known) bounds.extend(at);
  const map = new libre.Map({
    container: section.querySelector('.map'), style: JSON.parse(style), bounds, fitBoundsOptions: { padding: 48, maxZoom: 15 },
    attributionControl: false, dragRotate: false, pitchWithRotate: false, locale: { 'Map.Title': title },
  });
  map.touchZoomRotate.disableRotation();
  map.on('error', () => { said.textContent = failed; });
  map.once('load', () => section.setAttribute('data-drawn', ''));
  list.classList.add('numbered');
  for (const { card, n, at } of known) {
    const button = icon(n, card.querySelector('h3').textContent.trim());
    button.addEventListener('click', () => go(card));
    new libre.Marker({ element: button }).setLngLat(at).addTo(map);
  }
  section.querySelector('.nearer').addEventListener('click', () => map.zoomIn());
  section.querySelector('.farther').addEventListener('click', () => map.zoomOut());
  section.querySelector('.drawn').hidden = false;
  map.resize();
  map.fitBounds(bounds, { padding: 48, maxZoom: 15, animate: false });
}
