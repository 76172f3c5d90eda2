// Escape leaves a dialog by its first button, from the moment it is shown and whatever has the focus; while that button
// is off, because what the dialog does has begun, so is this. The focus goes back to where it was, also where the dialog
// was too short on the screen for MudBlazor to note that.
const dialogs = '.mud-dialog';
const others = 'dialog[open], .mud-popover-open, details[data-menu][open]';
let before = null; // had the focus last, outside of dialogs

document.addEventListener('focusin', event => {
  if (!event.target.closest(`${dialogs}, .mud-dialog-container`)) {
    before = event.target;
  }
});

document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing && !document.querySelector(others)) {
    [...document.querySelectorAll(dialogs)].at(-1)?.querySelector('.mud-dialog-actions button')?.click();
  }
});

document.addEventListener('click', event => {
  const dialog = event.target.closest(`${dialogs} .mud-dialog-actions button`)?.closest(dialogs);
  if (dialog) {
    const back = before;
    const watch = new MutationObserver(() => {
      if (!dialog.isConnected) {
        watch.disconnect();
        setTimeout(() => giveBack(back)); // after MudBlazor has had its turn
      }
    });
    watch.observe(document.body, { childList: true, subtree: true });
  }
}, true);

function giveBack(element) {
  if (element?.isConnected && (document.activeElement === document.body || !document.activeElement)) {
    element.focus({ preventScroll: true });
  }
}
