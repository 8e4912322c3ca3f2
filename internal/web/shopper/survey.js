// A score that was tapped in a letter is kept without a second tap. Programs that
// open the links of letters run no scripts, so they score nothing.
const form = document.querySelector('form[data-tapped]');
if (form) {
  const said = new FormData(form);
  said.delete('words');
  const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(said), redirect: 'manual' }).catch(() => null);
  if (answer && (answer.ok || answer.type === 'opaqueredirect')) document.getElementById('noted').hidden = false;
}
