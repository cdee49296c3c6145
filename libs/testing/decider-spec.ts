import {
  createState,
  decide,
  evolve,
  usualSender,
  type By,
  type Command,
  type CommandId,
  type Decision,
  type Envelope,
  type Fact,
  type InventoryLayout,
  type InventoryState,
  type SaleRules,
  type StateBounds,
  type TimeMs,
  type UserId,
} from '#libs/inventory/inventory.js';

/** Who sends a command, when, and under which id; what is left out is made up. */
export interface Sender {
  readonly user?: string;
  readonly at?: number;
  readonly id?: string;
  readonly keyed?: boolean;
  readonly by?: By;
  readonly factLevel?: number;
}

/**
 * Given facts, when a command, then facts or a refusal.
 *
 *   const sale = new DeciderSpec(layout, rules).given(saleOpened);
 *   expect(sale.when(holdSeats(1, 2)).kind).toBe('accepted');
 *
 * `when` only decides; `run` also folds what was decided, for stories of several commands.
 */
export class DeciderSpec {
  readonly state: InventoryState;
  readonly facts: Fact[] = [];
  private sent = 0;

  constructor(layout: InventoryLayout, rules: SaleRules, bounds: StateBounds = {}) {
    this.state = createState(layout, rules, bounds);
  }

  given(...facts: readonly Fact[]): this {
    for (const fact of facts) evolve(this.state, fact);
    this.facts.push(...facts);
    return this;
  }

  when(command: Command, sender: Sender = {}): Decision {
    return decide(this.state, this.envelope(command, sender));
  }

  run(command: Command, sender: Sender = {}): Decision {
    const decision = this.when(command, sender);
    if (decision.kind !== 'replayed') this.given(...decision.facts);
    return decision;
  }

  envelope(command: Command, { user, at, id, keyed, by, factLevel }: Sender): Envelope {
    return {
      commandId: (id ?? `made-up-${++this.sent}`) as CommandId,
      keyed: keyed ?? false,
      userId: (user ?? 'ann') as UserId,
      by: by ?? usualSender(command.type),
      nowMs: (at ?? this.state.lastTimeMs) as TimeMs,
      ...(factLevel === undefined ? {} : { factLevel }),
      command,
    };
  }
}
