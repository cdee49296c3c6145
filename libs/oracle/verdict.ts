/**
 * What the oracle says. Every check is named, says in one sentence what it proves, counts what it
 * looked at (a check that looked at nothing proves nothing), and lists what it found wrong.
 */
export const checkSentences = {
  batches_contiguous: 'batches are numbered without a gap, and so are their facts',
  epoch_changes_at_announce: 'a new owner announces itself; no older owner writes after it',
  hash_chain: 'every batch carries the hash of its predecessor and of itself',
  facts_readable: 'every batch decodes to as many facts as it says',
  time_monotone: 'time never steps back within the event',
  command_once: 'a command id has one effect or one refusal',
  caused_by_who_may: 'nothing was caused by who cannot: no buyer closes a sale',
  seat_one_owner: 'no seat is held or booked by two at once',
  places_exist: 'only seats and areas of the plan are used, within their capacity',
  charged_as_held:
    'every place costs what it cost when it was held, until it is sold or given back',
  rules_in_order: 'each change of the rules begins where the one before ended',
  kept_for_need: 'wheelchair spaces that are kept were held by who said that they are needed',
  hold_kept_until_deadline: 'no hold expired before its deadline, no deadline was cut',
  hold_live_when_used: 'only live holds are extended, released, paid or expired',
  booking_from_live_hold: 'each booking is the whole of one live hold, paid by its attempt',
  cancel_of_live_booking: 'only seats of live bookings are cancelled',
  late_as_held:
    'what is booked late is what the same buyer held until time ended it, or seats like those',
  nothing_after_cancellation: 'nothing is held, booked or opened once the event is cancelled',
  booked_seat_table: 'the table of booked seats equals the fold of the journal',
  booking_table: 'the table of bookings equals the fold of the journal',
  acknowledged_in_journal: 'every acknowledgement a buyer got is in the journal',
  one_answer_per_effect: 'no effect was acknowledged for two different requests',
  promise_kept: 'no hold expired before the time that its buyer was told',
  refused_without_effect: 'no request that was refused has an effect',
  unknown_at_most_once: 'a request without an answer has at most one effect',
  real_time_order: 'what was answered first is earlier in the journal',
  watcher_without_gap: 'every watcher saw versions without a gap or a step back',
  watcher_equals_journal: "every watcher's map equals the journal's at each version",
  watcher_saw_the_end: "every watcher's last map is the journal's last",
} as const;

export type CheckName = keyof typeof checkSentences;

export interface CheckResult {
  readonly name: CheckName;
  readonly sentence: string;
  /** How many things were looked at. */
  readonly looked: number;
  /** How many were wrong; `examples` names the first of them. */
  readonly wrong: number;
  readonly examples: readonly string[];
}

export interface Verdict {
  readonly eventId: string;
  readonly clean: boolean;
  readonly batches: number;
  readonly facts: number;
  readonly epochs: number;
  readonly holds: HoldCounts;
  readonly bookings: number;
  readonly checks: readonly CheckResult[];
}

/** By the journal. `live` are held or being paid at its end. */
export interface HoldCounts {
  readonly made: number;
  readonly released: number;
  readonly expired: number;
  readonly booked: number;
  readonly live: number;
}

const examplesMax = 10;

/** Collects what the checks find. A check that was never touched is not part of the verdict. */
export class Findings {
  readonly #found = new Map<CheckName, { looked: number; wrong: number; examples: string[] }>();

  /** Counts one look at something; the message is only made when it was wrong. */
  expect(name: CheckName, holds: boolean, message: () => string): boolean {
    const found = this.#of(name);
    found.looked++;
    if (holds) return true;
    found.wrong++;
    if (found.examples.length < examplesMax) found.examples.push(message());
    return false;
  }

  /** The check was asked for, even if there is nothing to look at. */
  touch(...names: readonly CheckName[]): void {
    names.forEach((name) => this.#of(name));
  }

  results(): CheckResult[] {
    return (Object.keys(checkSentences) as CheckName[])
      .filter((name) => this.#found.has(name))
      .map((name) => ({ name, sentence: checkSentences[name], ...this.#of(name) }));
  }

  #of(name: CheckName) {
    let found = this.#found.get(name);
    if (found === undefined) {
      found = { looked: 0, wrong: 0, examples: [] };
      this.#found.set(name, found);
    }
    return found;
  }
}
