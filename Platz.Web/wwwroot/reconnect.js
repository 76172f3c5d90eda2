// The lost connection (ReconnectBanner.razor). Blazor tries by itself for a while; this goes on when it has given up, and
// loads the page again where the server knows it no more and nothing that was typed would be lost by that.
import { keepLate, wouldBeLost } from './late.js';

const banner = document.getElementById('components-reconnect-modal');
const pause = 3_000;
const calm = 10_000; // between two reloads that nobody asked for
const last = 'platz-reloaded-at';

let leaving = false;
let trying;

banner.addEventListener('components-reconnect-state-changed', event => {
  const { state } = event.detail;
  clearTimeout(trying);
  if (state === 'failed') {
    trying = setTimeout(retry, pause);
  } else if (state === 'rejected' || state === 'resume-failed') {
    rejected();
  }
});

banner.querySelector('[data-reconnect=retry]').addEventListener('click', retry);
banner.querySelector('[data-reconnect=reload]').addEventListener('click', reload);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible' && banner.classList.contains('components-reconnect-failed')) {
    retry();
  }
});

// What was typed is kept: no question whether to leave.
addEventListener('beforeunload', event => {
  if (leaving) {
    event.stopImmediatePropagation();
  }
}, true);

async function retry() {
  clearTimeout(trying);
  try {
    if (!await Blazor.reconnect()) {
      banner.className = 'reconnect components-reconnect-rejected';
      rejected();
    }
  } catch {
    banner.className = 'reconnect components-reconnect-failed';
    trying = setTimeout(retry, pause);
  }
}

function rejected() {
  const loses = wouldBeLost().length > 0;
  banner.toggleAttribute('data-loses', loses);
  if (!loses && Date.now() - Number(read() ?? 0) > calm) {
    reload();
  } else if (!loses) {
    trying = setTimeout(rejected, calm);
  }
}

function reload() {
  keepLate();
  write();
  leaving = true;
  location.reload();
}

function read() {
  try {
    return sessionStorage.getItem(last);
  } catch {
    return String(Date.now()); // without storage nothing is kept either
  }
}

function write() {
  try {
    sessionStorage.setItem(last, String(Date.now()));
  } catch { /* asked for by hand, then */ }
}
