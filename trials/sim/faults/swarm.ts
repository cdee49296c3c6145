import type { SeededRandom } from '../ground/seeded-random.js';

/**
 * What can go wrong in a simulated run. Swarm testing (Groce et al., ISSTA 2012): each seed
 * switches a random half of the kinds on, each with an intensity of its own, because faults that
 * are always on hide each other.
 */
export const messageFaults = ['loss', 'delay', 'duplicate', 'reorder'] as const;
export const timedFaults = [
  'partition',
  'one_way_partition',
  'cut',
  'crash',
  'gateway_crash',
  'pause',
  'clock_jump',
  'clock_drift',
  'journal_away',
  'lease_store_away',
  'slow_shard',
  'socket_full',
  'payments_crash',
] as const;
export const callFaults = [
  'torn_state',
  'journal_refused',
  'journal_unanswered',
  'journal_late',
  'journal_slow',
  'look_up_failed',
  'lease_renewal_lost',
  'lease_stale',
  'provider_unclear',
  'provider_unanswered',
  'provider_key_spent',
  'provider_decline',
] as const;
export const operatorActions = [
  'move',
  'drain',
  'cordon',
  'rebalance',
  'fence',
  'pin',
  'graceful_restart',
] as const;

/** Faults of the money; drawn from a stream of their own. */
export const timedMoneyFaults = [
  'payments_pause',
  'payments_clock',
  'payments_cut',
  'payments_silent',
  'payments_restart',
] as const;
export const moneyCallFaults = [
  'provider_slow',
  'provider_refuses',
  'provider_lets_go',
  'attempts_refused',
  'attempts_unanswered',
] as const;

/** What an organiser does, and buyers in a hurry. */
export const organiserActions = ['block_seats', 'close_sale'] as const;
/** Drawn from a stream of their own, so that seeds without them mean what they meant. */
export const ruleActions = ['change_rules'] as const;
export const haste = ['short_deadline'] as const;

/** What the bank does that seeds of before did not know. */
export const laterMoneyFaults = ['provider_processing'] as const;

/** What people want back. */
export const refundActions = ['give_back'] as const;
/** A show that does not take place, and payments that their banks take back. */
export const cancelActions = ['cancel_event', 'dispute'] as const;

export type MessageFault = (typeof messageFaults)[number];
export type TimedFault = (typeof timedFaults)[number];
export type CallFault = (typeof callFaults)[number];
export type OperatorAction = (typeof operatorActions)[number];
export type TimedMoneyFault = (typeof timedMoneyFaults)[number];
export type MoneyCallFault = (typeof moneyCallFaults)[number];
export type OrganiserAction = (typeof organiserActions | typeof ruleActions)[number];
export type Haste = (typeof haste)[number];
export type LaterMoneyFault = (typeof laterMoneyFaults)[number];
export type FaultKind =
  | MessageFault
  | TimedFault
  | CallFault
  | OperatorAction
  | TimedMoneyFault
  | MoneyCallFault
  | OrganiserAction
  | Haste
  | LaterMoneyFault
  | (typeof refundActions)[number]
  | (typeof cancelActions)[number];

/** In the order of their draws: another order is another meaning of every seed. */
const firstDrawn = [...messageFaults, ...timedFaults, ...callFaults, ...operatorActions] as const;
const moneyDrawn = [...timedMoneyFaults, ...moneyCallFaults] as const;

/** What seeds of before did not know, and what they are without. */
export const laterDrawn = [...organiserActions, ...haste, ...laterMoneyFaults] as const;

/** What the corpus did not know but for its last seeds. */
export const lastDrawn = ruleActions;

/** What none of it knew. */
export const newlyDrawn = [...refundActions, ...cancelActions] as const;

export const faultKinds: readonly FaultKind[] = [
  ...firstDrawn,
  ...moneyDrawn,
  ...laterDrawn,
  ...lastDrawn,
  ...newlyDrawn,
];

export interface Swarm {
  readonly shards: number;
  readonly gateways: number;
  readonly events: number;
  readonly buyers: number;
  readonly watchers: number;
  readonly rows: number;
  readonly seatsPerRow: number;
  readonly holdTtlMs: number;
  readonly strandedSingles: 'refuse' | 'allow';
  /** Milliseconds between two deeds of one buyer, on the average. */
  readonly thinkMs: number;
  /** Of all commands, the part that carries its caller's own id. */
  readonly keyed: number;
  /** Buyers pay through payments processes and a provider; else by commands, without money. */
  readonly saga: boolean;
  /** Per message or call: a probability. Per timed fault or deed: how many a minute. */
  readonly intensity: Readonly<Record<FaultKind, number>>;
}

/** The probability, or number a minute, at intensity 1. */
const most: Readonly<Record<FaultKind, number>> = {
  loss: 0.05,
  delay: 0.1,
  duplicate: 0.05,
  reorder: 0.2,
  partition: 4,
  one_way_partition: 4,
  cut: 8,
  crash: 6,
  gateway_crash: 3,
  pause: 6,
  clock_jump: 6,
  clock_drift: 4,
  journal_away: 3,
  lease_store_away: 3,
  slow_shard: 4,
  socket_full: 20,
  payments_crash: 6,
  torn_state: 0.01,
  journal_refused: 0.05,
  journal_unanswered: 0.05,
  journal_late: 0.05,
  journal_slow: 0.1,
  look_up_failed: 0.05,
  lease_renewal_lost: 0.3,
  lease_stale: 0.3,
  provider_unclear: 0.3,
  provider_unanswered: 0.3,
  provider_key_spent: 0.1,
  provider_decline: 0.3,
  move: 20,
  drain: 3,
  cordon: 4,
  rebalance: 4,
  fence: 6,
  pin: 4,
  graceful_restart: 3,
  payments_pause: 6,
  payments_clock: 6,
  payments_cut: 6,
  payments_silent: 6,
  payments_restart: 4,
  provider_slow: 0.4,
  provider_refuses: 0.4,
  provider_lets_go: 0.3,
  attempts_refused: 0.05,
  attempts_unanswered: 0.05,
  block_seats: 20,
  close_sale: 4,
  change_rules: 20,
  short_deadline: 0.3,
  provider_processing: 0.5,
  give_back: 40,
  cancel_event: 3,
  dispute: 20,
};

/** Bounds of the faults that last. */
export const faultMsMax = 4_000;
export const wallErrorMsMax = 2_000;

export function swarmOf(random: SeededRandom): Swarm {
  // One run in eight is without any fault: what is wrong there is wrong everywhere.
  const quiet = random.chance(0.125);
  const intensity = {} as Record<FaultKind, number>;
  const draw = (kinds: readonly FaultKind[], from: SeededRandom): void => {
    for (const kind of kinds) {
      const on = !quiet && from.chance(0.4);
      const strength = from.fraction() ** 2;
      intensity[kind] = on ? most[kind] * Math.max(0.05, strength) : 0;
    }
  };
  const money = random.fork('money');
  draw(firstDrawn, random);
  draw(moneyDrawn, money);
  draw(laterDrawn, random.fork('later'));
  draw(lastDrawn, random.fork('rules'));
  draw(refundActions, random.fork('refunds'));
  draw(cancelActions, random.fork('cancellations'));
  return {
    shards: 2 + random.below(2),
    gateways: 2,
    events: 1 + random.below(3),
    buyers: 4 + random.below(9),
    watchers: 2,
    rows: 1 + random.below(3),
    seatsPerRow: 4 + random.below(9),
    holdTtlMs: random.pick([3_000, 5_000, 8_000]),
    strandedSingles: random.pick(['refuse', 'allow', 'allow'] as const),
    thinkMs: random.pick([100, 300, 800]),
    // A broker that delivers twice breaks the bus' promise B1: only ids of the caller stand that.
    keyed: intensity.duplicate > 0 ? 1 : random.pick([0, 0.5, 1]),
    saga: money.chance(0.75),
    intensity,
  };
}

export const isOn = ({ intensity }: Swarm, kind: FaultKind): boolean => intensity[kind] > 0;

/** Something goes back in this run. */
export const givesBack = (swarm: Swarm): boolean =>
  isOn(swarm, 'give_back') || isOn(swarm, 'cancel_event');
