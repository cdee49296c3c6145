import type { EventActor } from '#libs/actor/event-actor.js';
import type { ShardHost } from './shard-host.js';

/** Looks at the events of a shard in turns: so many at a time, and the next time those behind. */
export class SlotRounds {
  /** Slots that were not looked at yet in this round. */
  private rest: Iterator<[unknown, { readonly actor: EventActor | null }]> | null = null;

  constructor(
    private readonly host: Pick<ShardHost, 'slots'>,
    private readonly looksMax: number,
  ) {}

  /** Of what is looked at what `pick` gives, at most `picksMax`; null: nothing. */
  next<Picked>(picksMax: number, pick: (actor: EventActor) => Picked | null): Picked[] {
    const picked: Picked[] = [];
    const rest = this.rest ?? this.host.slots.entries();
    this.rest = rest;
    for (let looked = 0; looked < this.looksMax; looked += 1) {
      const next = rest.next();
      if (next.done === true) {
        this.rest = null;
        break;
      }
      const [, { actor }] = next.value;
      const one = actor === null ? null : pick(actor);
      if (one !== null) picked.push(one);
      if (picked.length >= picksMax) break;
    }
    return picked;
  }
}
