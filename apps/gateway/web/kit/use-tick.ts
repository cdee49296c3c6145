import { useEffect, useState } from 'preact/hooks';

/** Renders again every `everyMs` while `runs`: for what shows the time. */
export function useTick(everyMs: number, runs = true): void {
  const [, setTurn] = useState(0);
  useEffect(() => {
    if (!runs) return undefined;
    const timer = setInterval(() => setTurn((turn) => turn + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, runs]);
}
