// What is typed while the connection is lost stays in the page, and the server learns it when the connection is back. If
// the server knows the page no more, it is kept over the reload. A secret is never kept: see drafts.js for the rest.
import { isLost, onBack } from './connection.js';

const store = 'platz-late';
const fields = 'input, textarea, select';
const late = new Map(); // fields, and which of their events no server has heard
const typed = new Set(); // fields that somebody typed into since the page was loaded

const isSecret = field => field.type === 'password' || field.closest('[data-secret]') !== null;
const isKept = field => field.closest('[data-draft]') !== null && !isSecret(field);
const isCheck = field => field.type === 'checkbox' || field.type === 'radio';
// Of no worth after a reload: a search, or a choice that stands in the address or in the browser's storage.
const isPassing = field => field.type === 'search' || field.closest('[data-passing]') !== null;

// The items of a list have new ids each time; their names say which one is meant.
const nameOf = field => field.closest('.item') ? field.getAttribute('aria-label') : field.id;
const find = name => document.getElementById(name)
  ?? document.querySelector(`.item [aria-label="${CSS.escape(name)}"]`);

for (const name of ['input', 'change']) {
  window.addEventListener(name, event => {
    const field = event.target;
    if (!field.matches?.(fields) || event.detail === 'late') {
      return;
    }

    if (!isPassing(field)) {
      typed.add(field);
    }
    forgetGone();
    if (isLost()) {
      late.set(field, (late.get(field) ?? new Set()).add(name));
      if (name === 'change') {
        event.stopImmediatePropagation(); // there is nobody to tell yet
      }
    }
  }, true);
}

function forgetGone() {
  for (const field of typed) {
    if (!field.isConnected) {
      typed.delete(field);
    }
  }
}

// Which of the two a field is bound to, only the server knows.
const tell = (field, names = ['input', 'change']) => {
  for (const name of names) {
    field.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: 'late' }));
  }
};

onBack(() => {
  for (const [field, names] of late) {
    if (field.isConnected) {
      tell(field, names);
    }
  }
  late.clear();
});

// What a reload would lose: secrets, and forms that nobody keeps.
export const wouldBeLost = () => [...typed].filter(field =>
  field.isConnected && !isKept(field) && (isCheck(field) || field.value !== ''));

export function keepLate() {
  const kept = [...late.keys()].filter(field => field.isConnected && isKept(field) && nameOf(field))
    .map(field => ({ name: nameOf(field), value: field.value, checked: isCheck(field) ? field.checked : null }));
  put(kept.length > 0 ? { path: location.pathname, kept } : null);
}

// After the form has come back with what the server knew.
export function restoreLate() {
  const { path, kept } = take() ?? {};
  if (path === location.pathname) {
    kept.forEach(restore);
  }
}

function restore({ name, value, checked }) {
  const field = find(name);
  if (!field || isSecret(field)) {
    return;
  }

  if (checked === null) {
    field.value = value;
    const editor = field.closest('yaml-editor');
    if (editor) {
      editor.dataset.set = 'late'; // it takes the text over from its text area
    }
  } else {
    field.checked = checked;
  }
  tell(field);
}

function put(value) {
  try {
    value ? sessionStorage.setItem(store, JSON.stringify(value)) : sessionStorage.removeItem(store);
  } catch { /* storage is off, or full */ }
}

function take() {
  try {
    const text = sessionStorage.getItem(store);
    sessionStorage.removeItem(store);
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
