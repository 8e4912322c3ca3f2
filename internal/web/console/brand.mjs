// Shows the colour while it is chosen. Without this, the button "Try" does.
const colour = document.getElementById('accent');
const picture = document.getElementById('preview');

colour?.addEventListener('input', () => {
  if (picture) picture.src = `/console/settings/preview.svg?accent=${colour.value.slice(1)}`;
});
