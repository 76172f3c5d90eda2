// Menus made of <details data-menu> close like menus; [data-copy] copies an address of this site, [data-copy-text] the
// text of what it selects. Nothing of it asks the server.
const openMenus = () => document.querySelectorAll('details[data-menu][open]');

document.addEventListener('click', event => {
  const item = event.target.closest('.menu-body a, .menu-body button, [data-closes] a, [data-closes] button');
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) {
      menu.open = false;
    } else if (item && !item.hasAttribute('data-copy')) {
      menu.open = false;
      menu.querySelector('summary').focus(); // where a dialog gives the focus back to
    }
  }
}, true);

const step = (menu, key) => {
  const items = [...menu.querySelectorAll(':is(.menu-body, .pick-body) :is(a, button:not(:disabled))')];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[key];
  items.at(to % items.length)?.focus();
};

// A field has keys of its own.
const keysIn = target => target.matches('input[type=search]') ? ['ArrowDown', 'ArrowUp']
  : target.matches('input') ? [] : ['ArrowDown', 'ArrowUp', 'Home', 'End'];

document.addEventListener('keydown', event => {
  const menu = event.target.closest?.('details[data-menu]');
  if (event.key === 'Escape') {
    for (const open of openMenus()) {
      open.open = false;
      open.querySelector('summary').focus();
      event.stopPropagation();
    }
  } else if (menu && keysIn(event.target).includes(event.key)) {
    menu.open = true;
    step(menu, event.key);
    event.preventDefault();
  }
}, true);

// Who tabs out of a menu has done with it. A page that takes the focus when it has loaded must not close one.
document.addEventListener('keyup', event => {
  for (const menu of event.key === 'Tab' ? openMenus() : []) {
    menu.open = menu.contains(document.activeElement);
  }
});

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy], [data-copy-text]');
  if (button) {
    const { copy: address, copyText: selector } = button.dataset;
    await copy(selector ? document.querySelector(selector).textContent : new URL(address, document.baseURI).href);
    button.dataset.copied = '';
    say(selector ? 'Copied' : 'Link copied');
    setTimeout(() => { delete button.dataset.copied; }, 1500);
  }
});

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // no secure context, or not allowed
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'visually-hidden';
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
  }
}

function say(text) {
  let said = document.getElementById('said');
  if (!said) {
    said = Object.assign(document.createElement('p'), { id: 'said', className: 'visually-hidden' });
    said.setAttribute('aria-live', 'polite');
    document.body.append(said);
  }
  said.textContent = '';
  setTimeout(() => { said.textContent = text; }, 50);
}
