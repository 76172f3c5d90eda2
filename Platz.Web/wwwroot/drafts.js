// What has been typed into forms, as the server tells it, kept in this tab until it is saved or given up.
import { restoreLate } from './late.js';

const prefix = 'platz-draft:';

const all = () => Object.keys(sessionStorage).filter(key => key.startsWith(prefix));

export function read(key) {
  try {
    return sessionStorage.getItem(prefix + key);
  } catch {
    return null;
  }
}

export function write(key, text) {
  try {
    text === null ? sessionStorage.removeItem(prefix + key) : sessionStorage.setItem(prefix + key, text);
  } catch { /* storage is off, or full: the page still has it */ }
}

export const restored = restoreLate;

// Whoever signs in next in this tab finds nothing.
document.addEventListener('submit', event => {
  if (event.target.getAttribute('action') === '/sign-out') {
    try {
      all().forEach(key => sessionStorage.removeItem(key));
    } catch { /* there was nothing */ }
  }
}, true);
