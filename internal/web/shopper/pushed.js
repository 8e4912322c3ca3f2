// Shows what was pushed, and opens its page.

addEventListener('push', (event) => {
  const said = event.data.json();
  event.waitUntil(
    registration.showNotification(`${said.title} · ${said.subject}`, { body: said.text, tag: said.tag, data: said.url }),
  );
});

addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow(event.notification.data));
});
