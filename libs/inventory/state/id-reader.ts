import { attemptKey, bookingKey, commandKey, holdKey, IdKey, userKey } from './id-key.js';

/**
 * Packs the id of one kind that is asked for just now. It remembers the last one: `decide` and
 * `evolve` ask for the same id one after the other, and reading a text unit by unit is most of what
 * that costs. Ids that were packed ahead of their command (foresight.ts) are taken as they are.
 */
export class IdReader {
  private current: IdKey;

  constructor(private readonly own: IdKey) {
    this.current = own;
  }

  /** Means this id until the next one is read. */
  read(id: string): IdKey {
    const { current } = this;
    if (current.isOf(id)) return current;
    this.current = this.own;
    return this.own.read(id);
  }

  /** `key`: of the id that is most likely read next; it may turn out to be another. */
  turnTo(key: IdKey): void {
    this.current = key;
  }
}

/**
 * One reader for every kind of id, shared by all events: a command is decided and folded without an
 * await, and none of them disturbs the others.
 */
export const commandIds = new IdReader(commandKey);
export const holdIds = new IdReader(holdKey);
export const userIds = new IdReader(userKey);
export const bookingIds = new IdReader(bookingKey);
export const attemptIds = new IdReader(attemptKey);
