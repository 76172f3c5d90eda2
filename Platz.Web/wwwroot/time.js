// How times are shown, kept in this browser alone. A click on any time shows all of them the other way.
(() => {
  const usual = { 'platz-time-zone': 'local', 'platz-time-form': 'relative' };
  const held = {}; // for as long as the page is open, where storage is switched off
  let listener = null;

  const read = key => {
    try {
      return localStorage.getItem(key) ?? held[key] ?? usual[key];
    } catch {
      return held[key] ?? usual[key];
    }
  };

  const state = () => [
    read('platz-time-zone'), read('platz-time-form'), Intl.DateTimeFormat().resolvedOptions().timeZone ?? '',
    -new Date().getTimezoneOffset(),
  ].join(' ');

  const tell = () => listener?.invokeMethodAsync('TimesChanged', state()).catch(() => { listener = null; });

  const keep = (key, value) => {
    held[key] = value;
    try {
      localStorage.setItem(key, value);
    } catch { /* it holds until the page is closed */ }
    tell();
  };

  addEventListener('storage', tell);

  // Before whatever else a click there does: a time in a row that can be opened does not open it.
  document.addEventListener('click', event => {
    const time = event.target.closest?.('time[data-when]');
    if (time && listener && !time.closest('a, button') && !String(getSelection())) {
      event.stopPropagation();
      event.preventDefault();
      keep('platz-time-form', read('platz-time-form') === 'absolute' ? 'relative' : 'absolute');
    }
  }, true);

  window.platzTimes = {
    watch: dotnet => { listener = dotnet; return state(); },
    chooseZone: zone => keep('platz-time-zone', zone),
    chooseForm: form => keep('platz-time-form', form),
  };
})();
