// The keyboard map (Layout/KeyboardHelp.razor lists it). A key clicks or focuses what the page shows already, marked by
// data-act (in rows and on the page) or data-go (links), so that every list has the keys without a word of its own.
const rows = 'main tbody[role=rowgroup] > tr[role=row]:not(.task-expanded)';
const inRow = { c: 'cancel', r: 'retry', o: 'open' };
const places = { h: 'history', a: 'activity', e: 'envs', i: 'insight', d: 'deployments' };
const patience = 1500; // how long g waits for its second key

const isTyping = target => target.closest?.(
  'input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable=true], [role=textbox], .cm-editor');
const isBusy = () => document.querySelector('dialog[open], .mud-dialog, .mud-popover-open, details[data-menu][open], .reconnect[class*=components-]');
const isShown = element => element.getClientRects().length > 0;
const shownRows = () => [...document.querySelectorAll(rows)].filter(isShown);

let lastRow = null;
function currentRow() {
  const focused = document.activeElement?.closest?.('main tbody[role=rowgroup] > tr[role=row]');
  const row = focused?.matches('.task-expanded') ? focused.previousElementSibling : focused;
  return row ?? (lastRow?.isConnected && isShown(lastRow) ? lastRow : null);
}

function step(by) {
  const all = shownRows();
  const at = all.indexOf(currentRow());
  const row = at < 0 ? all[0] : all[Math.min(Math.max(at + by, 0), all.length - 1)];
  if (row) {
    lastRow = row;
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  }
}

// In the chosen row; on a page that shows one thing, of the page.
function act(name) {
  const row = currentRow();
  const found = [...(row ?? document).querySelectorAll(`${row ? '' : 'main '}[data-act=${name}]:not(:disabled)`)];
  if (row || found.length === 1) {
    found[0]?.click();
  }
}

function open() {
  const row = currentRow();
  (row?.querySelector('[data-act=open]') ?? row?.querySelector('th a[href]'))?.click();
}

function expand(event) {
  if (event.target.matches?.(rows)) { // on a button or a link, Enter is its own
    (event.target.querySelector('[data-act=expand]') ?? event.target.querySelector('th a[href]'))?.click();
    return true;
  }
  return false;
}

function filter() {
  const fields = [...document.querySelectorAll('main [data-act=filter], main input[type=search]')].filter(isShown);
  fields[0]?.focus();
  fields[0]?.select?.();
  return fields.length > 0;
}

// Of the row, of the page, of the head: whichever comes first. The head knows the env one is in.
function go(place) {
  const link = currentRow()?.querySelector(`[data-go=${place}]`)
    ?? document.querySelector(`main [data-go=${place}]`) ?? document.querySelector(`header [data-go=${place}]`);
  if (link?.dataset.goEnv) {
    Blazor.navigateTo(link.dataset.goEnv);
  } else {
    link?.click();
  }
}

function help() {
  document.querySelector('dialog[data-keys]')?.showModal();
}

let since = -Infinity; // when g was pressed
function press(event) {
  if (event.timeStamp - since < patience) {
    since = -Infinity;
    if (event.key in places) {
      go(places[event.key]);
      return true;
    }
  }
  switch (event.key) {
    case 'g': since = event.timeStamp; return true;
    case 'j': step(1); return true;
    case 'k': step(-1); return true;
    case '/': return filter();
    case '?': help(); return true;
    case 'Enter': return expand(event);
    case 'o': open(); return true;
    case 'c': case 'r': act(inRow[event.key]); return true;
    default: return false;
  }
}

document.addEventListener('keydown', event => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
    return;
  }
  if (isTyping(event.target)) {
    if (event.key === 'Escape' && event.target.matches('[data-act=filter], input[type=search]')) {
      event.target.blur(); // the other keys work again
    }
    return;
  }
  if (isBusy() || (event.repeat && !'jk'.includes(event.key))) {
    return;
  }
  if (press(event)) {
    event.preventDefault();
  }
});

document.addEventListener('click', event => {
  const dialog = document.querySelector('dialog[data-keys]');
  if (event.target.closest('[data-open=keys]')) {
    document.querySelector('dialog[data-palette][open]')?.close();
    help();
  } else if (dialog?.open && (event.target === dialog || event.target.closest('dialog[data-keys] [data-close]'))) {
    dialog.close();
  }
});
