import type { ApiTally } from '#libs/client/rest-client.js';
import type { CheckResult, Verdict } from '#libs/oracle/verdict.js';
import { lagDefinition, type Lag } from './lag.js';
import { percentileMs, type Tally } from './tally.js';

/** Everything the demo found out, ready for JSON and for people. */
export interface DemoReport {
  readonly event_id: string;
  readonly buyers: number;
  readonly seats: number;
  readonly watchers: number;
  readonly seconds: number;
  readonly held: number;
  readonly conflicts: number;
  readonly alternatives_taken: number;
  readonly booked: number;
  readonly declined: number;
  readonly released: number;
  readonly expired: number;
  readonly too_late: number;
  readonly errors: number;
  readonly error_codes: Readonly<Record<string, number>>;
  readonly unknown: number;
  readonly repeated: ApiTally;
  readonly reconnects: number;
  readonly hold_ms: { readonly p50: number; readonly p99: number };
  readonly book_ms: { readonly p50: number; readonly p99: number };
  readonly watcher_lag_ms: Lag;
  readonly watcher_lag_definition: string;
  readonly verdict: Verdict;
}

export interface ReportParts {
  readonly eventId: string;
  readonly buyers: number;
  readonly seats: number;
  readonly watchers: number;
  readonly seconds: number;
  readonly tally: Tally;
  readonly api: ApiTally;
  readonly reconnects: number;
  readonly lag: Lag;
  readonly verdict: Verdict;
}

export function reportOf(parts: ReportParts): DemoReport {
  const { tally, verdict } = parts;
  return {
    event_id: parts.eventId,
    buyers: parts.buyers,
    seats: parts.seats,
    watchers: parts.watchers,
    seconds: parts.seconds,
    held: tally.held,
    conflicts: tally.conflicts,
    alternatives_taken: tally.alternativesTaken,
    booked: tally.booked,
    declined: tally.declined,
    released: tally.released,
    expired: verdict.holds.expired,
    too_late: tally.tooLate,
    errors: tally.errors,
    error_codes: Object.fromEntries(tally.errorCodes),
    unknown: tally.unknown,
    repeated: parts.api,
    reconnects: parts.reconnects,
    hold_ms: percentiles(tally.holdLatencyUs),
    book_ms: percentiles(tally.bookLatencyUs),
    watcher_lag_ms: parts.lag,
    watcher_lag_definition: lagDefinition,
    verdict,
  };
}

const percentiles = (histogram: Tally['holdLatencyUs']) => ({
  p50: percentileMs(histogram, 50),
  p99: percentileMs(histogram, 99),
});

/** For people, at most 80 columns. */
export function reportLines(report: DemoReport): string[] {
  const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
  const row = (name: string, value: string | number, note = '') =>
    `  ${name.padEnd(14)}${String(value).padStart(9)}${note === '' ? '' : `   ${note}`}`;
  const { repeated, watcher_lag_ms: lag } = report;
  const codes = Object.entries(report.error_codes).map(([code, count]) => `${code} x${count}`);
  const repeats = repeated.brokenConnections + repeated.unavailable + repeated.slowedDown;
  const reasons =
    `cut ${repeated.brokenConnections}, 5xx ${repeated.unavailable}, ` +
    `429 ${repeated.slowedDown}; same key each time`;
  return [
    row('held', report.held),
    row('conflicts', report.conflicts, `409; took the block offered: ${report.alternatives_taken}`),
    row('booked', report.booked),
    row('declined', report.declined, '402; the hold was kept'),
    row('released', report.released),
    row('expired', report.expired, 'by the journal'),
    ...(report.too_late > 0
      ? [row('too late', report.too_late, 'paid after the hold ran out')]
      : []),
    row('errors', report.errors, codes.slice(0, 2).join(', ').slice(0, 48)),
    ...(repeats > 0 ? [row('repeated', repeats, reasons)] : []),
    ...(report.unknown > 0 ? [row('unknown', report.unknown, 'no answer in time')] : []),
    ...(report.reconnects > 0 ? [row('reconnects', report.reconnects, 'of watchers')] : []),
    row('hold p50', ms(report.hold_ms.p50), `p99 ${ms(report.hold_ms.p99)}`),
    row('book p50', ms(report.book_ms.p50), `p99 ${ms(report.book_ms.p99)}, payment included`),
    row('lag p50', ms(lag.p50Ms), `p99 ${ms(lag.p99Ms)}, max ${ms(lag.maxMs)}`),
    ...wrapped(`lag: ${report.watcher_lag_definition}.`),
    '',
    ...verdictLines(report.verdict),
  ];
}

/** One line per check, then the sentence that counts. */
export function verdictLines(verdict: Verdict): string[] {
  const wrong = verdict.checks.filter((check) => check.wrong > 0);
  const last = verdict.clean
    ? `verdict: clean (${verdict.batches} batches, ${verdict.facts} facts, ` +
      `${verdict.epochs} ${verdict.epochs === 1 ? 'owner' : 'owners in turn'})`
    : `verdict: NOT CLEAN: ${wrong.map((check) => check.name).join(', ')}`;
  return [...verdict.checks.flatMap(checkLines), '', last];
}

function checkLines(check: CheckResult): string[] {
  const mark = check.wrong > 0 ? 'WRONG' : check.looked === 0 ? '-' : 'ok';
  const lines = [`  ${mark.padEnd(6)}${String(check.looked).padStart(7)}  ${check.sentence}`];
  for (const example of check.wrong > 0 ? check.examples.slice(0, 5) : []) {
    lines.push(`           ${check.name}: ${example}`);
  }
  return lines;
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = ' ';
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > 78) {
      lines.push(line);
      line = ' ';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
