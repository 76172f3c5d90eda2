// A field marked data-live is sent while one types, a moment after the last key, not with every key.
const pending = new WeakMap();

document.addEventListener('input', event => {
  const field = event.target;
  if (field.matches('[data-live]')) {
    clearTimeout(pending.get(field));
    pending.set(field, setTimeout(() => field.dispatchEvent(new Event('change', { bubbles: true })), 350));
  }
});

// Menus made of <details> close like menus.
document.addEventListener('click', event => {
  for (const menu of document.querySelectorAll('details.user-menu[open]')) {
    if (!menu.contains(event.target)) {
      menu.open = false;
    }
  }
});
document.addEventListener('keydown', event => {
  if (event.key === 'Escape') {
    const menu = document.querySelector('details.user-menu[open]');
    if (menu) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
  }
});
