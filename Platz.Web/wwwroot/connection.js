// Whether this page can tell the server anything at the moment. Blazor sets classes on the banner.
const banner = document.getElementById('components-reconnect-modal');
const lost = [
  'components-reconnect-show', 'components-reconnect-retrying', 'components-reconnect-failed',
  'components-reconnect-paused', 'components-reconnect-rejected', 'components-reconnect-resume-failed',
];

export const isLost = () => lost.some(name => banner.classList.contains(name));

// Calls back once the server hears us again.
export const onBack = callback => new MutationObserver(() => {
  if (!isLost()) {
    callback();
  }
}).observe(banner, { attributeFilter: ['class'] });
