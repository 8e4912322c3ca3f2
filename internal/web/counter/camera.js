// Reads a code by the camera, where the browser knows how to, types it into the
// field and sends the form. Loaded when the button is pressed.

const formats = ['qr_code', 'code_128', 'data_matrix', 'ean_13', 'itf', 'code_39'];

export async function look(form, button) {
  const view = document.getElementById('camera-view');
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  const known = await BarcodeDetector.getSupportedFormats();
  const detector = new BarcodeDetector({ formats: formats.filter((f) => known.includes(f)) });
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
    view.hidden = true;
    button.disabled = false;
  };
  button.disabled = true;
  view.hidden = false;
  view.srcObject = stream;
  await view.play();
  try {
    while (!view.hidden) {
      const [code] = await detector.detect(view);
      if (code) {
        form.elements.code.value = code.rawValue;
        stop();
        form.requestSubmit();
        return;
      }
      await new Promise(requestAnimationFrame);
    }
  } catch (error) {
    stop();
    throw error;
  }
}
