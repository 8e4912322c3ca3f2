// Has the browser make a passkey, or answer with one. The form is shown where that can
// be done; what the browser says goes with it as any field does.

const form = document.querySelector('form[data-passkey]');
const keys = globalThis.PublicKeyCredential;

async function answer(options) {
  if (form.dataset.does === 'create') {
    return navigator.credentials.create({ publicKey: keys.parseCreationOptionsFromJSON(options) });
  }
  return navigator.credentials.get({ publicKey: keys.parseRequestOptionsFromJSON(options) });
}

if (form && keys?.parseCreationOptionsFromJSON && keys.parseRequestOptionsFromJSON) {
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const no = form.querySelector('.wrong');
    no.hidden = true;
    try {
      const credential = await answer(JSON.parse(form.dataset.passkey));
      form.elements.answer.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      no.hidden = false; // nobody touched the key, there is none, or it is known already
    }
  });
}
