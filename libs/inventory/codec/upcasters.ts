import type { FactType } from '../facts.js';
import { factKinds } from './fact-kinds.js';

/** A fact's own fields as some version wrote them, without time and cause. */
export type Payload = Readonly<Record<string, unknown>>;

type Upcaster = (old: Payload) => Payload;

/**
 * How an old payload becomes the next version's, applied one after the other when bytes are
 * decoded; `evolve` only ever sees facts as they are written now. Entry i raises version i + 1.
 */
export const upcasters: Partial<Record<FactType, readonly Upcaster[]>> = {
  // Version 1 did not record why seats were blocked.
  SeatsBlocked: [(old) => ({ ...old, reason: '' })],
};

export function upcast(type: FactType, version: number, payload: Payload): Payload {
  let current = payload;
  for (let at = version; at < factKinds[type].version; at++) {
    const raise = upcasters[type]?.[at - 1];
    if (raise === undefined) throw new TypeError(`${type} has no upcaster from version ${at}`);
    current = raise(current);
  }
  return current;
}
