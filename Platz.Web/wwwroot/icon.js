// What WindowTitle.cs calls.
window.platzTitle = text => { document.title = text; };

// The icon of the page says what the mark before its title says (Live/PulseTitle.razor): that something runs or failed.
const icon = document.querySelector('link[rel=icon]');
const calm = icon.getAttribute('href');

function show() {
  const { running, failed } = icon.dataset;
  const wanted = { '●': running, '✕': failed }[document.title[0]] ?? calm;
  if (icon.getAttribute('href') !== wanted) {
    icon.setAttribute('href', wanted);
  }
}

new MutationObserver(show).observe(document.head, { childList: true, subtree: true, characterData: true });
show();
