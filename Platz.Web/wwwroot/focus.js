// Puts the focus on the first field of a form that says it is wrong.
export function onInvalid(form) {
  const field = document.querySelector(form)?.querySelector('[aria-invalid=true]');
  const fields = 'input, select, textarea';
  const target = field?.matches(fields) ? field : field?.querySelector(fields) ?? field;
  target?.focus();
  target?.scrollIntoView({ block: 'nearest' });
}
