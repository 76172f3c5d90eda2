// A field marked data-live is sent while one types, a moment after the last key, not with every key.
const pending = new Map();

const send = field => {
  clearTimeout(pending.get(field));
  pending.delete(field);
  field.dispatchEvent(new Event('change', { bubbles: true }));
};

document.addEventListener('input', event => {
  const field = event.target;
  if (field.matches('[data-live]')) {
    clearTimeout(pending.get(field));
    pending.set(field, setTimeout(() => send(field), 350));
  }
});

// Who saves right after the last key saves that key too: this runs before the page's own handlers.
const sendPending = () => [...pending.keys()].forEach(send);
window.addEventListener('submit', sendPending, true);
window.addEventListener('focusout', sendPending, true);

// A field marked data-leave is looked at when one leaves it. Not while the button of the mouse is down: a message that
// appears then moves what is being clicked from under the pointer.
let isDown = false;
const left = new Set();
const sendLeft = () => {
  for (const field of left) {
    send(field);
  }
  left.clear();
};
document.addEventListener('pointerdown', () => { isDown = true; }, true);
for (const name of ['pointerup', 'pointercancel']) {
  document.addEventListener(name, () => {
    isDown = false;
    setTimeout(sendLeft, 50); // after the click
  }, true);
}
document.addEventListener('focusout', event => {
  if (event.target.matches('[data-leave]') && event.target.isConnected) {
    left.add(event.target);
    if (!isDown) {
      sendLeft();
    }
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
