// Tells the circuit when the rows of a list must stay where they are, and when they may move again. What changes all the
// same (a row above gets another line) is made good by scrolling, before it is painted: no row moves under the pointer.
export function watch(list, circuit) {
  let isOver = false;
  let told = false;
  let anchor = null; // the row under the pointer, and where it is
  let top = 0;
  let scrolled = 0; // how far the page was then

  const isHeld = () => isOver
    || list.querySelector('details[data-menu][open], :focus-visible') !== null
    || list.getBoundingClientRect().top < 0;

  const tell = () => {
    if (isHeld() !== told) {
      told = !told;
      circuit.invokeMethodAsync('Hold', told).catch(() => { });
    }
  };

  const mark = row => {
    anchor = row;
    top = row?.getBoundingClientRect().top ?? 0;
    scrolled = window.scrollY;
  };

  const keep = () => {
    if (!anchor?.isConnected) {
      return;
    }
    top -= window.scrollY - scrolled; // by the reader, whose scroll is told after this
    const moved = () => Math.round(anchor.getBoundingClientRect().top - top);
    if (moved() !== 0) {
      window.scrollBy({ top: moved(), behavior: 'instant' });
    }
    if (moved() < 0) { // the page is at its top: room is made there until the pointer leaves
      list.style.marginTop = `${parseFloat(list.style.marginTop || 0) - moved()}px`;
    } else if (moved() > 0) { // or at its end
      list.style.marginBottom = `${parseFloat(list.style.marginBottom || 0) + moved()}px`;
      window.scrollBy({ top: moved(), behavior: 'instant' });
    }
    scrolled = window.scrollY;
  };

  const over = event => {
    if (event.pointerType !== 'touch') {
      isOver = true;
      mark(event.target.closest?.('tr'));
      tell();
    }
  };
  const leave = () => {
    isOver = false;
    mark(null);
    list.style.marginTop = list.style.marginBottom = '';
    tell();
  };
  const scroll = () => {
    mark(anchor);
    tell();
  };
  const later = () => setTimeout(tell);

  const observer = new MutationObserver(keep);
  observer.observe(list, { childList: true, subtree: true, characterData: true, attributes: true });
  list.addEventListener('pointerover', over);
  list.addEventListener('pointerleave', leave);
  list.addEventListener('toggle', later, true);
  list.addEventListener('focusin', later);
  list.addEventListener('focusout', later);
  window.addEventListener('scroll', scroll, { passive: true });
  if (list.matches(':hover')) {
    isOver = true;
    mark(list.querySelector('tr:hover'));
  }
  tell();

  return {
    stop() {
      observer.disconnect();
      window.removeEventListener('scroll', scroll);
    },
  };
}
