import type { EventActor } from '#libs/actor/event-actor.js';
import type { ChangedRules, RulesRows } from '#libs/catalogue/rules-row.js';
import { limits } from '#libs/contracts/limits.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Log } from '#libs/platform/log.js';
import type { ShardHost } from './shard-host.js';
import { SlotRounds } from './slot-rounds.js';

/**
 * Brings the catalogue up to the rules that the journals of this shard's events have. Who asks for
 * a change writes its row too, and at once; he may be killed in between, and so may the owner that
 * decided it. An event whose rules never changed costs a comparison.
 *
 * RUW1  Rules are written once for each owner: an owner does not know what the one before it wrote,
 *      and a row that is as new is not touched. What failed is tried again at a later look.
 * RUW2  Only what the journal has is written: no row says what a crash could take back (G2).
 */
export class RulesWriter {
  /** The last revision that an actor's row has. */
  private readonly written = new WeakMap<EventActor, number>();
  private readonly rounds: SlotRounds;
  private stopTimer: () => void = () => undefined;
  private writing = false;

  constructor(
    host: Pick<ShardHost, 'slots'>,
    private readonly ports: RulesRowPorts,
  ) {
    this.rounds = new SlotRounds(host, limits.availabilityLooksMax);
  }

  start(): void {
    if (this.ports.rulesRows === undefined) return;
    const { rulesRows, clock } = this.ports;
    this.stopTimer = clock.every(limits.availabilityLookMs, () => void this.look(rulesRows));
  }

  stop(): void {
    this.stopTimer();
  }

  private async look(rows: RulesRows): Promise<void> {
    if (this.writing) return;
    const changed = this.rounds.next(limits.rulesRowsMax, (actor) => this.news(actor));
    if (changed.length === 0) return;
    this.writing = true;
    try {
      for (const { actor, rules } of changed) {
        await rows.write(actor.eventId, rules);
        this.written.set(actor, rules.revision);
      }
    } catch (error) {
      this.ports.log.warn({ err: error }, 'changed rules not written');
    } finally {
      this.writing = false;
    }
  }

  /** null: there is nothing to write of it, or not yet. */
  private news(actor: EventActor): Changed | null {
    const { rulesRevision } = actor;
    if (rulesRevision === (this.written.get(actor) ?? 0)) return null;
    const rules = actor.durableRules();
    return rules === null ? null : { actor, rules };
  }
}

interface Changed {
  readonly actor: EventActor;
  readonly rules: ChangedRules;
}

export interface RulesRowPorts {
  /** Absent: nobody asks the catalogue. */
  readonly rulesRows?: RulesRows;
  readonly clock: Clock;
  readonly log: Log;
}
