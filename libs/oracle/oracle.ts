import type { Fact } from '#libs/inventory/facts.js';
import { checkChain } from './chain.js';
import { checkClients } from './clients.js';
import type { Evidence, SeatWord } from './evidence.js';
import { Fold } from './fold.js';
import type { EventHistory, HistoryPlan } from './history.js';
import type { Model } from './model.js';
import { checkProjections } from './projections.js';
import { Findings, type HoldCounts, type Verdict } from './verdict.js';
import { checkEnds, checkWatcher } from './watchers.js';

export type DecodeFacts = (bytes: Uint8Array) => readonly Fact[];

export interface Case {
  readonly history: EventHistory;
  readonly plan: HistoryPlan;
  /** The core's decoder: the one thing that is shared, because bytes have one meaning. */
  readonly decodeFacts: DecodeFacts;
  /** What clients saw; without it only the journal and its tables are judged. */
  readonly evidence?: Evidence;
}

/**
 * The independent check. It is given what Postgres has and what clients saw, replays the journal
 * through its own model, and compares. It knows nothing of how decisions are made: only what must
 * be true of any history (G1-G4, G6, G9).
 */
export function judge(given: Case): Verdict {
  const { history, plan, evidence } = given;
  const findings = new Findings();
  checkChain(history.eventId, history.rows, findings);
  const watched = new Set<number>();
  for (const watcher of evidence?.watchers ?? []) watched.add(watcher.frames.at(-1)?.to ?? 0);
  const { model, hashes, maps } = replay(given, watched, findings);
  checkProjections(history, model, findings);
  if (evidence !== undefined) {
    checkClients(evidence.buyers, model, plan.seatIds, findings);
    findings.touch('watcher_without_gap', 'watcher_equals_journal');
    const wordsAt = (version: number) => maps.get(version) ?? new Map<string, SeatWord>();
    for (const watcher of evidence.watchers) checkWatcher(watcher, { hashes, wordsAt }, findings);
    if (evidence.settled === true) checkEnds(evidence.watchers, model, findings);
  }
  const checks = findings.results();
  return {
    eventId: history.eventId,
    clean: checks.every((check) => check.wrong === 0),
    batches: history.rows.length,
    facts: model.version,
    epochs: new Set(history.rows.map((row) => row.epoch)).size,
    holds: holdCounts(model),
    bookings: model.bookings.size,
    checks,
  };
}

function holdCounts(model: Model): HoldCounts {
  const ends = { released: 0, expired: 0, booked: 0 };
  for (const end of model.ended.values()) ends[end]++;
  return { made: model.made.size, ...ends, live: model.holds.size };
}

interface Replayed {
  readonly model: Model;
  readonly hashes: readonly number[];
  readonly maps: ReadonlyMap<number, ReadonlyMap<string, SeatWord>>;
}

function replay(given: Case, keepMapsAt: ReadonlySet<number>, findings: Findings): Replayed {
  const fold = new Fold(given.plan, findings);
  const { model } = fold;
  const hashes = [model.mapHash];
  const maps = new Map<number, ReadonlyMap<string, SeatWord>>();
  findings.touch('facts_readable');
  for (const row of given.history.rows) {
    const { facts, problem } = decode(given.decodeFacts, row.facts);
    const count = row.lastSeq - row.firstSeq + 1;
    findings.expect(
      'facts_readable',
      problem === null && facts.length === count,
      () => `batch ${row.batchNo}: ${problem ?? `has ${facts.length} facts and says ${count}`}`,
    );
    for (const fact of facts) {
      fold.apply(fact);
      if (fact.type === 'HoldExpired') model.expiryWrittenAtMs.set(fact.holdId, row.writtenAtMs);
      hashes.push(model.mapHash);
      if (keepMapsAt.has(model.version)) maps.set(model.version, model.wordsById());
    }
  }
  return { model, hashes, maps };
}

interface Decoded {
  readonly facts: readonly Fact[];
  /** Why there are none. */
  readonly problem: string | null;
}

function decode(decodeFacts: DecodeFacts, bytes: Uint8Array): Decoded {
  try {
    return { facts: bytes.length === 0 ? [] : decodeFacts(bytes), problem: null };
  } catch (error) {
    return { facts: [], problem: error instanceof Error ? error.message : String(error) };
  }
}
