// The pages there are, each with its route as docs/routes.md names it and a way
// to open it in a demo that has lived for a while. World is what a way may need:
// { url, shop, order, late, message, letter }, found by explore.

// A page is opened by its path, or by what somebody does on the way there.
const at = (path) => (page, world) => page.goto(world.url + (typeof path === 'function' ? path(world) : path));

export const pages = [
  { name: 'the first page', route: '/{$}', open: at('/') },
  { name: 'an order', route: '/p/{token}', open: at((w) => w.order) },
  { name: 'an order that came late', route: '/p/{token}', open: at((w) => w.late) },
  { name: 'what is missing', route: '/p/{token}/missing', open: at((w) => `${w.late}/missing`) },
  { name: 'messages', route: '/p/{token}/messages', open: at((w) => `${w.late}/messages`) },
  { name: 'a delivery demanded', route: '/p/{token}/demeure', open: at((w) => `${w.late}/demeure`) },
  { name: 'a delivery had otherwise', route: '/p/{token}/changer', open: at((w) => `${w.late}/changer`) },
  { name: 'refusing letters', route: '/p/{token}/desabonnement', open: at((w) => `${w.late}/desabonnement?sujet=survey`) },
  { name: 'a code first', route: '/p/{token}/preuve', open: at((w) => `${w.late}/preuve?vers=messages`) },
  { name: 'cancelling', route: '/p/{token}/cancel', open: at((w) => `${w.order}/cancel`) },
  { name: 'the look-up', route: '/suivi', open: at('/suivi') },
  { name: 'the look-up, badly filled', route: '/suivi', open: sent('/suivi', 'form.fields button') },
  { name: "one's space, asked for", route: '/espace/entrer', open: at('/espace/entrer') },
  { name: "one's space, badly asked for", route: '/espace/entrer', open: sent('/espace/entrer', 'form.fields button') },
  { name: 'a link to a space that is over', route: '/espace/entrer/{token}', open: at('/espace/entrer/0000000000000000000000') },
  { name: "one's space", route: '/espace', open: at('/espace') },
  { name: 'deliveries to come together', route: '/espace/regrouper', open: at('/espace/regrouper') },
  { name: 'what shops know of one', route: '/espace/donnees', open: at('/espace/donnees') },
  { name: 'erasing', route: '/espace/donnees/effacer', open: at('/espace/donnees/effacer') },
  { name: 'no network', route: '/espace/hors-ligne', open: at('/espace/hors-ligne') },
  { name: 'sharing where a parcel is', route: '/p/{token}/partager', open: at((w) => `${w.late}/partager`) },
  { name: 'a shared link that has gone out', route: '/partage/{token}', open: at('/partage/0000000000000000000000') },
  { name: 'a link to a new address that is over', route: '/espace/adresse/{token}', open: at('/espace/adresse/0000000000000000000000') },
  { name: 'a link that is over', route: '/lien/{token}', open: at('/lien/0000000000000000000000') },
  { name: "a shop's record", route: '/b/{shop}', open: at((w) => `/b/${w.shop}`) },
  { name: "the demo's letters", route: '/monde/courrier', open: at('/monde/courrier') },
  { name: 'writing to a person', route: '/p/{token}/ecrire', open: at((w) => `${w.order}/ecrire`) },
  { name: 'reporting a problem', route: '/p/{token}/reclamation', open: at((w) => `${w.late}/reclamation`) },
  { name: 'how it went', route: '/p/{token}/avis', open: at((w) => `${w.late}/avis?note=4`) },
  { name: 'giving back', route: '/p/{token}/retour', open: at((w) => `${w.late}/retour`) },
  { name: 'withdrawing', route: '/p/{token}/retractation', open: at((w) => `${w.late}/retractation`) },
  { name: 'withdrawing, without the link', route: '/retractation', open: at('/retractation') },
  { name: 'relay points', route: '/relais', open: at('/relais') },
  { name: 'relay points, for an order', route: '/relais/{token}', open: at((w) => w.order.replace('/p/', '/relais/')) },
  { name: 'a counter without network', route: '/comptoir/hors-ligne', open: at('/comptoir/hors-ligne') },
  { name: 'a device that nobody let in', route: '/comptoir/appareil', open: at('/comptoir/appareil') },
  { name: "a device's link that is over", route: '/comptoir/appareil/{token}', open: at('/comptoir/appareil/0000000000000000000000') },
  { name: 'a round without network', route: '/tournee/hors-ligne', open: at('/tournee/hors-ligne') },
  { name: 'a device that nobody let in for rounds', route: '/tournee/appareil', open: at('/tournee/appareil') },
  { name: "a round's device's link that is over", route: '/tournee/appareil/{token}', open: at('/tournee/appareil/0000000000000000000000') },
  { name: 'nothing', route: '/{$}', open: at('/nothing/here') },
  { name: 'signing in', route: '/console/sign-in', open: at('/console/sign-in') },
  { name: 'signing in, badly filled', route: '/console/sign-in', open: sent('/console/sign-in', 'form.form button') },
  { name: 'a sign-in link that is over', route: '/console/sign-in/{token}', open: at('/console/sign-in/0000000000000000000000') },
  ...Object.entries({
    'the start': '{$}', 'the queue': 'queue', orders: 'orders', 'the board': 'board', 'the board of returns': 'board/returns', messages: 'outbox', 'what waits': 'parked',
    'who waits for an answer': 'desk', incidents: 'incidents', 'declaring an incident': 'incidents/new', 'what was handed over': 'handed', claims: 'claims', 'all claims': 'claims?show=all', 'all conversations': 'desk?show=all', 'a complaint in public': 'desk/public', 'the irritants': 'board/irritants', 'the desk': 'settings/desk',
    returns: 'returns', 'returns, all': 'returns?show=all', reception: 'reception', 'decisions to confirm': 'decisions', disputes: 'disputes', refunds: 'refunds',
    withdrawals: 'withdrawals', deliveries: 'deliveries', 'conditions of returns': 'settings/returns', stores: 'settings/stores', webhooks: 'settings/webhooks',
    'the rules': 'policy', 'the look': 'settings', templates: 'templates', keys: 'settings/keys', counters: 'settings/counters', rounds: 'settings/rounds', staff: 'settings/staff', 'the account': 'account',
  }).map(([name, path]) => ({ name: `the console: ${name}`, route: `/console/${path.split('?')[0]}`, staff: true, open: at(`/console/${path.replace('{$}', '')}`) })),
  { name: 'the console: an order', route: '/console/orders/{id}', staff: true, open: at((w) => w.inside) },
  { name: "the console: erasing an order's customer", route: '/console/orders/{id}/erase', staff: true, open: at((w) => `${w.inside}/erase`) },
  { name: 'the console: a template', route: '/console/templates/{topic}/{channel}/{locale}', staff: true, open: at('/console/templates/parcel_shipped/email/fr') },
  { name: 'the console: a message', route: '/console/outbox/{id}', staff: true, open: at((w) => w.message) },
];

// sent opens a page and sends its form as it is.
function sent(path, button) {
  return async (page, world) => {
    await page.goto(world.url + path);
    await page.locator('form[method=post]').first().evaluate((f) => { f.noValidate = true; });
    await Promise.all([page.waitForEvent('domcontentloaded'), page.locator(button).click()]);
  };
}

// Routes that are read and are no pages to look at, or are looked at elsewhere.
export const elsewhere = {
  '/assets/live.js': 'a module', '/assets/push.js': 'a module', '/p/notifications.js': 'the worker of notifications', '/assets/relais.js': 'a module', '/assets/vitesse.js': 'a module', '/assets/avis.js': 'a module', '/embed/v1.js': 'a module (embed.test.mjs)', '/embed/points.v1.js': 'a module (embed.test.mjs)', '/console/settings/brand.mjs': 'a module',
  ...Object.fromEntries(['LICENSE.txt', 'carte.js', 'maplibre-gl-worker.mjs', 'maplibre-gl.mjs'].map((file) => [`/assets/carte/${file}`, 'the map (points.test.mjs)'])),
  '/console/settings/preview.svg': 'a picture', '/console/outbox/{id}/html': "a letter in a frame of the message's page", '/console/templates/{topic}/{channel}/{locale}/letter': "a letter in a frame of the template's page",
  '/p/{token}/demeure/texte': 'a text to keep', '/p/{token}/delivery.ics': 'a calendar (tracking.test.mjs)', '/p/{token}/live': 'a stream (tracking.test.mjs)',
  ...Object.fromEntries(['{$}', '{shop}/article/{sku}', '{shop}/commande', '{shop}/coordonnees', '{shop}/livraison', '{shop}/merci/{order}/{link}', '{shop}/panier', '{shop}/verification', '{shop}/{$}']
    .map((path) => [`/boutique/${path}`, 'a way that is walked (shop.test.mjs)'])),
  ...Object.fromEntries(['', '/etat/{room}/{name}', '/frames.js', '/lettre/{name}', '/{rest...}'].map((path) => [`/galerie${path}`, 'gallery.test.mjs'])),
  ...Object.fromEntries(['retour/{return}', 'retour/{return}/etiquette/{label}', 'retour/{return}/photo/{photo}', 'retractation/{withdrawal}', 'retractation/{withdrawal}/texte']
    .map((path) => [`/p/{token}/${path}`, 'behind a return or a withdrawal: it takes one to look at it'])),
  '/assets/espace.js': 'a module', '/assets/cle.js': 'a module (passkey.test.mjs)', '/espace/hors-ligne.js': 'the worker of a space (space.test.mjs)', '/assets/icone/{size}': 'a picture',
  '/espace/regrouper/{regroup}': 'what became of a regrouping: it takes one to look at it (gallery)',
  '/espace/application.webmanifest': 'for browsers that install', '/p/{token}/application.webmanifest': 'for browsers that install',
  '/espace/commande/{order}': "leads to an order's page",
  '/retractation/{receipt}': 'behind a withdrawal', '/retractation/{receipt}/texte': 'behind a withdrawal',
  '/p/{token}/ecrire/{talk}/photo/{photo}': 'a photo', '/console/desk/{id}/photo/{photo}': 'a photo',
  '/p/{token}/ecrire/{talk}': 'behind a question: its states are in the gallery',
  '/p/{token}/reclamation/{claim}': 'behind a claim: its states are in the gallery', '/p/{token}/reclamation/{claim}/photo/{photo}': 'a photo',
  '/console/claims/{id}': 'behind a claim: its states are in the gallery', '/console/claims/{id}/photo/{photo}': 'a photo', '/console/claims/{id}/file': 'a document',
  '/console/desk/{id}': 'behind a question: its states are in the gallery', '/console/incidents/{id}': 'behind an incident: its states are in the gallery',
  '/console/handed/{shop}/{id}': 'behind a conversation handed over: its states are in the gallery', '/console/handed/{shop}/{id}/photo/{photo}': 'a photo',
  ...Object.fromEntries(['{$}', 'service', 'colis', 'apprendre', 'apprendre/{lesson}', 'lecture/{scan}', 'lecture/{scan}/preuve'].map((path) => [`/comptoir/${path}`, 'behind a device (counter.test.mjs)'])),
  ...Object.fromEntries(['{$}', 'service', 'arret/{stop}', 'arret/{stop}/avance'].map((path) => [`/tournee/${path}`, 'behind a device (round.test.mjs)'])),
  '/tournee/tournee.js': 'a module', '/tournee/file.js': 'a module', '/tournee/travail.js': 'a worker', '/console/settings/rounds/proofs/{id}': 'a photo',
  '/comptoir/lecture/{scan}/etiquette': 'a document', '/comptoir/comptoir.js': 'a module', '/comptoir/file.js': 'a module', '/comptoir/camera.js': 'a module', '/comptoir/travail.js': 'a worker',
  ...Object.fromEntries(['returns/{id}', 'returns/{id}/decide', 'returns/{id}/file', 'returns/{id}/photo/{photo}', 'reception/{id}', 'disputes/{id}', 'withdrawals/{id}', 'deliveries/{id}']
    .map((path) => [`/console/${path}`, 'behind a return, a withdrawal or a delivery: its states are in the gallery'])),
  '/healthz': 'for machines', '/openapi.json': 'for machines', '/openapi.yaml': 'for machines',
};

// enters signs the owner of the world's shop in.
export async function enters(context, { url, shop }) {
  await context.request.post(`${url}/console/guest`, { form: { shop, set: 'owner', to: '/console/' } });
}

// explore finds what the ways to the pages need, in a demo that lives; page
// belongs to the context in which the console's pages will be opened.
export async function explore(page, url) {
  const world = { url };
  const first = async (state) => {
    await page.goto(`${url}/?state=${state}`);
    return page.locator('main .orders a[href^="/p/"]').first().evaluate((a) => a.pathname);
  };
  world.order = await first('open');
  world.late = await first('broken').catch(() => first('kept'));
  await page.goto(`${url}/`);
  world.shop = await page.locator('select[name=shop] option').first().getAttribute('value');
  await enters(page.context(), world);
  const row = async (path) => {
    await page.goto(url + path);
    return page.locator('.rows a').first().evaluate((a) => a.pathname);
  };
  world.inside = await row('/console/orders');
  world.message = await row('/console/outbox?state=sent');
  return world;
}
