// Tells the circuit when its tab goes to the back and when it comes to the front again.
export function watch(circuit) {
  const tell = () => circuit.invokeMethodAsync('VisibilityChanged', document.visibilityState).catch(() => { });
  document.addEventListener('visibilitychange', tell);
  tell();
  return { stop: () => document.removeEventListener('visibilitychange', tell) };
}
