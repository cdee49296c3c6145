import { useCallback, useEffect, useState } from 'preact/hooks';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'there'; readonly value: T }
  | { readonly state: 'failed' };

/**
 * What `load` brings, anew whenever `key` changes; what an older key brings late is dropped. null
 * from `load`: it cannot be had now. `again` asks once more, and what was there stays meanwhile.
 */
export function useLoaded<T>(
  key: string,
  load: () => Promise<T | null>,
): Loaded<T> & { readonly again: () => void } {
  const [turn, setTurn] = useState(0);
  const [got, setGot] = useState<{ readonly of: string; readonly what: Loaded<T> } | null>(null);
  useEffect(() => {
    let dropped = false;
    const settle = (what: Loaded<T>) => {
      if (!dropped) setGot({ of: key, what });
    };
    load().then(
      (value) => settle(value === null ? { state: 'failed' } : { state: 'there', value }),
      () => settle({ state: 'failed' }),
    );
    return () => {
      dropped = true;
    };
  }, [key, turn]);
  const what: Loaded<T> = got?.of === key ? got.what : { state: 'loading' };
  const again = useCallback(() => setTurn((before) => before + 1), []);
  return { ...what, again };
}
