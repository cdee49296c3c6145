import { useCallback, useEffect, useState } from 'preact/hooks';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'there'; readonly value: T }
  | { readonly state: 'failed'; readonly isMissing: boolean };

/**
 * What `load` brings, anew whenever `key` changes; what an older key brings late is dropped. null
 * from `load`: it cannot be had now; undefined: there is no such thing. `again` asks once more, and
 * what was there stays meanwhile.
 */
export function useLoaded<T>(
  key: string,
  load: () => Promise<T | null | undefined>,
): Loaded<T> & { readonly again: () => void } {
  const [turn, setTurn] = useState(0);
  const [got, setGot] = useState<{ readonly of: string; readonly what: Loaded<T> } | null>(null);
  useEffect(() => {
    let dropped = false;
    const settle = (what: Loaded<T>) => {
      if (!dropped) setGot({ of: key, what });
    };
    load().then(
      (value) => settle(settled(value)),
      () => settle(settled<T>(null)),
    );
    return () => {
      dropped = true;
    };
  }, [key, turn]);
  const what: Loaded<T> = got?.of === key ? got.what : { state: 'loading' };
  const again = useCallback(() => setTurn((before) => before + 1), []);
  return { ...what, again };
}

const settled = <T>(value: T | null | undefined): Loaded<T> =>
  value == null ? { state: 'failed', isMissing: value === undefined } : { state: 'there', value };
