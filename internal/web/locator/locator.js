// Offers to look around where the browser is, and to draw the points on a map where
// there is one. Its answer goes into the form,
// rounded to about a hundred metres, and the form is sent as if by hand. Without
// this module an address, a postcode or a town is typed.

const button = document.getElementById('here');
const said = document.getElementById('here-said');

if (button && 'geolocation' in navigator) {
  button.hidden = false;
  button.addEventListener('click', () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const form = button.form;
        form.elements.at.value = `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`;
        form.elements.q.value = '';
        form.requestSubmit();
      },
      () => {
        button.disabled = false;
        said.textContent = button.dataset.failed;
      },
      { maximumAge: 300_000, timeout: 10_000 },
    );
  });
}

const section = document.getElementById('carte');

if (section) {
  const show = section.querySelector('.show');
  section.hidden = false;
  show.addEventListener('click', async () => {
    show.disabled = true;
    try {
      const { draw } = await import(section.dataset.module);
      draw(section);
      show.remove();
      section.querySelector('h2').focus();
    } catch {
      show.disabled = false;
      section.querySelector('[role="status"]').textContent = section.dataset.failed;
    }
  });
}
