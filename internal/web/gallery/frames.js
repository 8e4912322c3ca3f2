// Makes each frame as high as what is in it, as soon as it is there. Without this
// module a frame scrolls.
const fit = (frame) => {
  const inside = frame.contentDocument?.documentElement;
  if (inside && inside.scrollHeight > 0) {
    frame.style.height = `${inside.scrollHeight + 2}px`;
  }
};
for (const frame of document.querySelectorAll('iframe')) {
  frame.addEventListener('load', () => fit(frame));
  if (frame.contentDocument?.readyState === 'complete') fit(frame);
}
