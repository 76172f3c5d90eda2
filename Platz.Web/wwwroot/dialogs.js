// Escape leaves a dialog by its first button, from the moment it is shown and whatever has the focus; while that button
// is off, because what the dialog does has begun, so is this.
const others = 'dialog[open], .mud-popover-open, details[data-menu][open]';

document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing && !document.querySelector(others)) {
    [...document.querySelectorAll('.mud-dialog')].at(-1)?.querySelector('.mud-dialog-actions button')?.click();
  }
});
