// Offers to look around where the browser is. Its answer goes into the form,
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
