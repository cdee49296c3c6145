import { decodeFacts, type Answer } from '#libs/inventory/inventory.js';
import type { MemoryStore } from '#libs/journal/memory-store.js';
import type { BuyerEvidence } from '#libs/oracle/evidence.js';
import type { EventHistory } from '#libs/oracle/history.js';
import { judge } from '#libs/oracle/oracle.js';
import type { SimEvent } from '../ground/hall.js';
import type { Deed } from '../ground/deeds.js';
import { linearize } from './linearizability.js';
import { seatOperations } from './seat-operations.js';
import { isOn } from '../faults/swarm.js';
import type { World } from '../world.js';

export interface Judged {
  readonly violations: readonly string[];
  /** How many things each check looked at, by its name. */
  readonly looked: ReadonlyMap<string, number>;
}

/** Everything that can be said of a run after it: the oracle over the tables, and clients alone. */
export function judgeWorld(world: World): Judged {
  const violations = [...world.violations, ...world.deeds.contradictions];
  const looked = new Map<string, number>();
  const count = (name: string, by: number): void => {
    looked.set(name, (looked.get(name) ?? 0) + by);
  };
  for (const event of world.events) {
    const history = historyOf(world.store, event);
    const buyers = buyersOf(world, event);
    const watchers = world.watchers
      .filter((watcher) => watcher.event === event)
      .map((watcher) => watcher.evidence());
    const verdict = judge({
      history,
      plan: {
        seatIds: event.seatIds,
        areaCapacities: event.areaCapacities,
        categoryOfSeat: event.layout.categoryOfSeat,
        flagsOfSeat: event.layout.flagsOfSeat,
      },
      decodeFacts,
      evidence: { buyers, watchers, settled: true },
    });
    for (const { name, looked: many, wrong, examples } of verdict.checks) {
      count(name, many);
      if (wrong > 0) violations.push(`${event.eventId} ${name}: ${wrong}, ${examples.join('; ')}`);
    }
    count('no_hold_outlives_its_deadline', verdict.holds.made);
    if (verdict.holds.live > 0) {
      violations.push(`${event.eventId}: ${verdict.holds.live} holds are live past their deadline`);
    }
    violations.push(...world.factFormat.tooEarly(world.store, event.eventId));
    violations.push(...wrongCommands(world.deeds.all, history, count));
    violations.push(...wrongOrder(world, event, count));
  }
  const money = world.payments?.judge();
  violations.push(...(money?.violations ?? []));
  for (const [name, many] of money?.looked ?? []) count(name, many);
  return { violations, looked };
}

type Count = (name: string, by: number) => void;

/** The tables of one event as the oracle wants them. */
function historyOf(store: MemoryStore, { eventId }: SimEvent): EventHistory {
  const booked = [...store.bookedSeats(eventId)];
  return {
    eventId,
    rows: store.batches(eventId),
    bookedSeats: booked.map(([seat, bookingId]) => ({ seat, bookingId })),
    bookings: store
      .bookings()
      .filter((booking) => booking.eventId === eventId)
      .map(({ bookingId, holdId, userId, seats, cancelledAtMs }) => ({
        bookingId,
        holdId,
        userId,
        seats,
        cancelled: cancelledAtMs !== null,
      })),
  };
}

function buyersOf(world: World, event: SimEvent): BuyerEvidence[] {
  const mine = world.deeds.all.filter(({ eventId }) => eventId === event.eventId);
  const users = new Set(mine.map(({ userId }) => userId));
  return [...users].map((userId) => {
    const deeds = mine.filter((deed) => deed.userId === userId);
    return {
      userId,
      holds: deeds.flatMap((deed) => holdAttempt(deed, event)),
      bookings: deeds.flatMap((deed) => [
        ...bookingAttempt(deed, deeds, event),
        ...lateAttempt(deed, event, world.store),
      ]),
      releases: deeds.flatMap(({ command, answer }) =>
        command.type === 'ReleaseHold' && command.seats === undefined
          ? [{ outcome: outcomeOf(answer), reservationId: command.holdId }]
          : [],
      ),
    };
  });
}

function outcomeOf(answer: Deed['answer']): 'acknowledged' | 'refused' | 'unknown' {
  if (answer === null) return 'unknown';
  return answer.kind === 'accepted' ? 'acknowledged' : 'refused';
}

/** `promisedUntilMs` is judged by the clock of the tables, which is the true one here (G3). */
function holdAttempt({ command, answer, ...times }: Deed, { seatIds }: SimEvent) {
  if (command.type !== 'HoldSeats') return [];
  const got = answer?.kind === 'accepted' && answer.outcome.type === 'hold' ? answer.outcome : null;
  return [
    {
      outcome: outcomeOf(answer),
      seats: (got?.seats ?? command.seats).map((seat) => seatIds[seat]),
      ...(got === null
        ? {}
        : { reservationId: got.holdId as string, promisedUntilMs: got.deadlineMs }),
      sentAtMs: times.invokedAtMs,
      answeredAtMs: times.answeredAtMs ?? Infinity,
    },
  ];
}

/** What stands in the place of an answer that nobody heard, where the owner chose the seats. */
function lateAttempt({ command, answer }: Deed, event: SimEvent, store: MemoryStore) {
  if (command.type !== 'BookLate') return [];
  const got =
    answer?.kind === 'accepted' && answer.outcome.type === 'booking' ? answer.outcome : null;
  const chosen =
    answer === null && command.alternative
      ? store.bookings().find(({ bookingId }) => bookingId === command.bookingId)?.seats
      : undefined;
  return [
    {
      outcome: outcomeOf(answer),
      reservationId: command.holdId as string,
      seats: (got?.seats ?? chosen ?? command.seats).map((seat) => event.seatIds[seat]),
      ...(got === null ? {} : { bookingId: got.bookingId as string }),
    },
  ];
}

function bookingAttempt({ command, answer }: Deed, all: readonly Deed[], event: SimEvent) {
  if (command.type !== 'BookHold') return [];
  const got =
    answer?.kind === 'accepted' && answer.outcome.type === 'booking' ? answer.outcome : null;
  const held = all.find(({ command: other }) => {
    return other.type === 'HoldSeats' && other.holdId === command.holdId;
  });
  const heldSeats =
    held?.answer?.kind === 'accepted' && held.answer.outcome.type === 'hold'
      ? held.answer.outcome.seats
      : [];
  return [
    {
      outcome: outcomeOf(answer),
      reservationId: command.holdId as string,
      seats: (got?.seats ?? heldSeats).map((seat) => event.seatIds[seat]),
      ...(got === null ? {} : { bookingId: got.bookingId as string }),
    },
  ];
}

/** G4 by command id: accepted has one effect, refused has none, unknown at most one. */
function wrongCommands(deeds: readonly Deed[], history: EventHistory, count: Count): string[] {
  const effects = new Map<string, number>();
  for (const { facts } of history.rows) {
    for (const fact of facts.length === 0 ? [] : decodeFacts(facts)) {
      const id = fact.type === 'CommandRefused' ? undefined : fact.cause?.commandId;
      if (id !== undefined) effects.set(id, (effects.get(id) ?? 0) + 1);
    }
  }
  const mine = deeds.filter(({ eventId }) => eventId === history.eventId);
  count('command_has_its_effect', mine.length);
  return mine.flatMap((deed) => {
    const { commandId, answer, command } = deed;
    const many = effects.get(commandId) ?? 0;
    // Every try came back with "not executed": then there is nothing.
    const never = answer === null && !deed.maybe && deed.ended === deed.tries;
    const right = answer === null ? many <= (never ? 0 : 1) : many === effectsOf(answer);
    const said = answer?.kind ?? (never ? 'not executed' : 'unknown');
    return right ? [] : [`G4: ${command.type} ${commandId} was ${said} and has ${many} effects`];
  });
}

const effectsOf = ({ kind }: Answer): number => (kind === 'accepted' ? 1 : 0);

/** Per seat, by what clients saw and nothing else. */
function wrongOrder(world: World, event: SimEvent, count: Count): string[] {
  const { swarm, deeds, clock } = world;
  const bySeat = seatOperations({
    deeds,
    event,
    epochMs: clock.nowMs() - Math.floor(clock.monotonicMs()),
    looks: !isOn(swarm, 'fence') && !isOn(swarm, 'lease_stale'),
  });
  const wrong: string[] = [];
  for (const [seat, operations] of bySeat) {
    const found = linearize(operations);
    count(found === 'too_large' ? 'seat_search_given_up' : 'seat_has_an_order', 1);
    count('operations_ordered', operations.length);
    if (found === 'no') {
      const names = operations.map(({ name }) => name).slice(-6);
      wrong.push(`${event.eventId} seat ${seat} has no order that explains ${names.join(', ')}`);
    }
  }
  return wrong;
}
