// Subscribes this browser to notifications: asks its maker for an address and
// keys, puts them into the form, and sends it. Without this module nothing is
// offered.

const form = document.querySelector('form[data-push]');
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
const letters = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

async function subscribe() {
  const worker = await navigator.serviceWorker.register(form.dataset.worker, { scope: form.dataset.scope });
  await navigator.serviceWorker.ready.catch(() => worker);
  const s = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(form.dataset.push),
  });
  form.elements.endpoint.value = s.endpoint;
  form.elements.p256dh.value = letters(s.getKey('p256dh'));
  form.elements.auth.value = letters(s.getKey('auth'));
  form.submit();
}

if (form && 'serviceWorker' in navigator && 'PushManager' in window) {
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    subscribe().catch(() => {
      form.querySelector('[data-refused]').hidden = false;
    });
  });
}
