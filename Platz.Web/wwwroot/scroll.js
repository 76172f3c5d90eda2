// A page that is loaded again is shown where one was: its content comes later than the browser looks for the place.
const key = () => `platz-scroll:${location.pathname}${location.search}`;

addEventListener('pagehide', () => {
  try {
    sessionStorage.setItem(key(), String(scrollY));
  } catch { /* then it begins at the top */ }
});

const place = () => {
  try {
    return Number(sessionStorage.getItem(key()) ?? 0);
  } catch {
    return 0;
  }
};

const wanted = performance.getEntriesByType('navigation')[0]?.type === 'reload' ? place() : 0;
if (wanted > 0) {
  const stop = new AbortController();
  const end = () => { stop.abort(); watch.disconnect(); };
  const watch = new ResizeObserver(() => {
    if (document.documentElement.scrollHeight >= wanted + innerHeight) {
      scrollTo({ top: wanted, behavior: 'instant' });
      end();
    }
  });
  watch.observe(document.body);
  for (const name of ['wheel', 'touchstart', 'keydown', 'pointerdown']) {
    addEventListener(name, end, { signal: stop.signal, passive: true }); // the reader goes where they want
  }
  setTimeout(end, 10_000);
}
