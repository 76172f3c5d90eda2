// The buttons of ReconnectBanner.razor. Blazor retries by itself; these help when it has given up.
const banner = document.getElementById('components-reconnect-modal');

banner.addEventListener('components-reconnect-state-changed', event => {
  if (event.detail.state === 'failed') {
    document.addEventListener('visibilitychange', retryWhenVisible, { once: true });
  }
});

banner.querySelector('[data-reconnect=retry]').addEventListener('click', retry);
banner.querySelector('[data-reconnect=reload]').addEventListener('click', () => location.reload());

function retryWhenVisible() {
  if (document.visibilityState === 'visible') {
    retry();
  }
}

async function retry() {
  try {
    if (!await Blazor.reconnect()) {
      banner.className = 'reconnect components-reconnect-rejected';
    }
  } catch {
    banner.className = 'reconnect components-reconnect-failed';
  }
}
