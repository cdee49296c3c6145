import type { ChaosReport } from './judgement.js';

/** The table at the end, for people. */
export function reportLines(report: ChaosReport): string[] {
  const { repeated, money } = report;
  const again = `cut ${repeated.brokenConnections}, 5xx ${repeated.unavailable}`;
  return [
    ...faultLines(report),
    ...section('started again', report.restarts),
    row('events', report.events, `${report.facts} facts`),
    row('take-overs', report.take_overs, 'changes of owner, planned ones too'),
    row('buyers', report.buyers, `${report.requests} requests`),
    row('held', report.held, `conflicts ${report.conflicts}`),
    row('extended', report.extended),
    row('released', report.released),
    row('booked', report.booked, `declined ${report.declined}`),
    row('unknown', report.unknown, 'no answer in 25 s, over all repetitions'),
    row('repeated', repeated.brokenConnections + repeated.unavailable, `${again}; same key`),
    row('reconnects', report.reconnects, 'of watchers'),
    row('silence', `${(report.silence_ms / 1_000).toFixed(1)} s`, 'longest without a hold'),
    row('money', money.bookings, `bookings, ${money.capturedMinor} captured, to the penny`),
    ...(money.disputes === 0 ? [] : [row('disputes', money.disputes, 'as the provider has them')]),
    ...section('surprises', report.surprises),
    ...section('looked at', report.looked),
    ...report.wrong.slice(0, 40).map((line) => `  WRONG  ${line}`),
    '',
    `again: ${report.command}`,
    report.clean ? 'verdict: clean' : `verdict: NOT CLEAN, ${report.wrong.length} things are wrong`,
  ];
}

/** Every kind that was asked for, whether it was done or not. */
function faultLines({ faults, strikes, decks, undrawn }: ChaosReport): string[] {
  const line = (cells: readonly string[], note: string) =>
    `  ${cells[0].padEnd(20)}${cells
      .slice(1)
      .map((cell) => cell.padStart(9))
      .join('')}  ${note}`;
  const rows = Object.entries(faults).map(([name, kind]) => {
    const { times, not_done, recovers_ms, recovers_ms_max, unavailable } = kind;
    const cells = [name, String(times), seconds(recovers_ms), seconds(recovers_ms_max)];
    const again = not_done === 0 ? '' : `${not_done} times something else stood in its way`;
    return line(cells, unavailable === undefined ? again : `not possible here: ${unavailable}`);
  });
  return [
    line(['kind', 'times', 'mean', 'longest'], 'until all events sell again, when alone'),
    ...rows.map((text) => text.trimEnd()),
    `  ${strikes} faults, ${decks} decks${undrawn.length === 0 ? ', every kind' : ''}`,
    ...(undrawn.length === 0 ? [] : [`  no time for ${undrawn.join(', ')}`]),
    '',
  ];
}

const seconds = (ms: number | null): string => (ms === null ? '-' : `${(ms / 1_000).toFixed(2)} s`);

const row = (name: string, value: number | string, note = ''): string =>
  `  ${name.padEnd(12)}${String(value).padStart(9)}  ${note}`.trimEnd();

function section(title: string, values: Readonly<Record<string, number | string>>): string[] {
  const entries = Object.entries(values).filter(([, value]) => value !== 0);
  if (entries.length === 0) return [];
  return [`${title}:`, ...entries.map(([name, value]) => `  ${name.padEnd(28)}${value}`), ''];
}
