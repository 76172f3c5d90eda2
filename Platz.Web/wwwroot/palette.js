// The command palette (Jump/CommandPalette.razor): Ctrl-K or Cmd-K opens it; keys walk through what the server lists.
const most = 6; // recent jumps that are kept, in this browser alone
const isMac = /Mac|iP(hone|ad|od)/.test(navigator.platform);

const palette = () => document.querySelector('dialog[data-palette]');
const input = () => palette().querySelector('[data-palette-input]');
const options = () => [...palette().querySelectorAll('[role=option]')];
const key = () => `platz-jumps-${palette().dataset.palette}`;

function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(key()) ?? '[]');
    return Array.isArray(kept) ? kept.filter(jump => /^\/(?!\/)/.test(jump?.address) && jump.text) : [];
  } catch {
    return []; // storage is switched off, or holds something else
  }
}

function remember(option) {
  const jump = {
    address: option.getAttribute('href'),
    text: option.querySelector('.palette-text').textContent,
    detail: option.querySelector('.palette-detail').textContent.trim().replace(/\s+/g, ' '),
  };
  try {
    localStorage.setItem(key(), JSON.stringify([jump, ...recent().filter(r => r.address !== jump.address)].slice(0, most)));
  } catch { /* nothing is remembered then */ }
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    made.setAttribute(attribute, value);
  }
  made.append(...children);
  return made;
}

// The one part of the list that is not the server's: it never renders anything into this element.
function showRecent() {
  const group = palette().querySelector('[data-palette-recent]');
  const jumps = input().value.trim() === '' ? recent() : [];
  group.replaceChildren(...jumps.length === 0 ? [] : [
    element('div', { class: 'palette-title', role: 'presentation', 'aria-hidden': 'true' }, 'Recent'),
    ...jumps.map((jump, i) => element('a', {
      class: 'palette-option', role: 'option', 'aria-selected': 'false', tabindex: '-1', id: `recent-${i}`, href: jump.address,
    }, element('span', { class: 'palette-text' }, jump.text), element('span', { class: 'palette-detail' }, jump.detail ?? ''))),
  ]);
}

function select(option) {
  for (const other of options()) {
    other.setAttribute('aria-selected', other === option);
  }
  if (option) {
    input().setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  } else {
    input().removeAttribute('aria-activedescendant');
  }
}

const selected = () => palette().querySelector('[role=option][aria-selected=true]');

function step(by) {
  const all = options();
  const at = all.indexOf(selected());
  select(all[(at + by + all.length) % all.length]);
}

let waiting = 0;
let goes = false; // Enter was faster than the answer

const list = () => palette().querySelector('[role=listbox]');
const isAnswered = () => list().dataset.for === input().value.trim();

function ask() {
  clearTimeout(waiting);
  showRecent();
  input().dispatchEvent(new Event('change', { bubbles: true }));
}

function answered() {
  select(options()[0]);
  if (goes && isAnswered()) {
    goes = false;
    selected()?.click();
  }
}

let watched = null;
function watch() {
  if (watched !== list()) {
    watched = list();
    new MutationObserver(answered).observe(watched, { attributes: true, attributeFilter: ['data-for'] });
  }
}

function open() {
  const dialog = palette();
  if (!dialog || dialog.open || document.querySelector('dialog[open], .mud-dialog')) {
    return;
  }
  input().value = '';
  goes = false;
  watch();
  dialog.showModal();
  ask();
  select(options()[0]);
}

document.addEventListener('keydown', event => {
  if (event.key.toLowerCase() === 'k' && (isMac ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey) {
    const dialog = palette();
    if (dialog) {
      event.preventDefault();
      dialog.open ? dialog.close() : open();
    }
  }
});

document.addEventListener('click', event => {
  if (event.target.closest('[data-open=palette]')) {
    open();
    return;
  }
  const dialog = palette();
  if (!dialog?.open) {
    return;
  }
  const option = event.target.closest('dialog[data-palette] [role=option]');
  if (option) {
    remember(option);
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
      dialog.close(); // the link itself does the rest
    }
  } else if (event.target === dialog || event.target.closest('dialog[data-palette] [data-close]')) {
    dialog.close();
  }
}, true);

document.addEventListener('input', event => {
  if (event.target.matches('[data-palette-input]')) {
    clearTimeout(waiting);
    goes = false;
    waiting = setTimeout(ask, 120);
  }
});

const moves = { ArrowDown: 1, ArrowUp: -1 };
document.addEventListener('keydown', event => {
  if (!event.target.matches?.('[data-palette-input]') || event.isComposing) {
    return;
  }
  if (event.key in moves) {
    event.preventDefault();
    step(moves[event.key]);
  } else if (event.key === 'Enter') {
    event.preventDefault();
    if (isAnswered()) {
      selected()?.click();
    } else {
      goes = true;
      ask();
    }
  }
});

// Whoever signs in next at this browser is not told where the last one went.
document.addEventListener('submit', event => {
  if (event.target.matches('form[action="/sign-out"]') && palette()) {
    try {
      localStorage.removeItem(key());
    } catch { /* then nothing was kept */ }
  }
}, true);
