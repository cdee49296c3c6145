/** Whatever may have cut a line or stopped a timer: sleep, a frozen tab, the network. */
export function onWaking(wake: () => void): () => void {
  const whenSeen = () => {
    if (document.visibilityState === 'visible') wake();
  };
  const names = ['online', 'offline', 'pageshow'] as const;
  for (const name of names) addEventListener(name, wake);
  document.addEventListener('visibilitychange', whenSeen);
  return () => {
    for (const name of names) removeEventListener(name, wake);
    document.removeEventListener('visibilitychange', whenSeen);
  };
}

export function later(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}
