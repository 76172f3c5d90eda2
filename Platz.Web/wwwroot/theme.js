// Runs before the first paint: light, dark, or what the system says; kept in this browser alone.
(() => {
  const key = 'platz-theme';
  const system = matchMedia('(prefers-color-scheme: dark)');
  let listener = null;

  const choice = () => {
    try {
      return localStorage.getItem(key) ?? 'system';
    } catch {
      return 'system'; // storage is switched off
    }
  };
  const isDark = () => choice() === 'dark' || (choice() === 'system' && system.matches);

  const apply = () => {
    document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
    listener?.invokeMethodAsync('ThemeChanged', choice()).catch(() => { listener = null; });
  };

  system.addEventListener('change', apply);
  addEventListener('storage', apply);
  apply();

  window.platzTheme = {
    watch: dotnet => { listener = dotnet; return choice(); },
    choose: value => {
      try {
        localStorage.setItem(key, value);
      } catch { /* it holds until the page is closed */ }
      apply();
    },
  };
})();
