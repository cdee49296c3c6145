import type { MoneyCheck } from '../chaos/money.js';
import type { StepReport } from './steps.js';

/** The result of one run, as --json prints it. */
export interface UpgradeReport {
  readonly clean: boolean;
  readonly seconds: number;
  readonly steps: readonly StepReport[];
  readonly events: number;
  readonly buyers: number;
  readonly held: number;
  readonly booked: number;
  /** Changes of owner. */
  readonly take_overs: number;
  readonly facts: number;
  /** Of watchers; the gateways send each of theirs away once. */
  readonly reconnects: number;
  readonly money: MoneyCheck;
  readonly looked: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
}

/** The table at the end, for people. */
export function reportLines(report: UpgradeReport): string[] {
  const { money, take_overs: takeOvers, buyers, events, held, booked } = report;
  const head = ['step', 'stops', 'starts', 'held', 'slowest', 'silence', 'errors'];
  const looked = Object.values(report.looked).reduce((sum, count) => sum + count, 0);
  return [
    line(head),
    ...report.steps.flatMap(stepLines),
    '',
    `${buyers} buyers on ${events} events: ${held} held, ${booked} booked`,
    `${report.facts} facts, ${takeOvers} take-overs, ${report.reconnects} reconnects of watchers`,
    `${money.bookings} bookings, ${money.capturedMinor} captured, to the penny`,
    `${Object.keys(report.looked).length} checks looked at ${looked} things`,
    ...report.wrong.slice(0, 40).map((text) => `  WRONG  ${text}`),
    report.clean ? 'verdict: clean' : `verdict: NOT CLEAN, ${report.wrong.length} things are wrong`,
  ];
}

function stepLines(step: StepReport): string[] {
  const errors = Object.values(step.errors).reduce((sum, { times }) => sum + times, 0);
  const cells = [
    step.step,
    ms(step.stop_ms),
    ms(step.start_ms),
    String(step.held),
    ms(step.slowest_hold_ms),
    ms(step.silence_ms),
    String(errors),
  ];
  return [line(cells), ...errorLines(step).map((text) => `    ${text}`)];
}

/** Each with when it was seen, from the beginning of the step. */
export const errorLines = ({ errors }: StepReport): string[] =>
  Object.entries(errors).map(([what, { times, first_ms: first, last_ms: last }]) => {
    return `${times} x ${what}, after ${first === last ? last : `${first} to ${last}`} ms`;
  });

const ms = (value: number | null): string => (value === null ? '' : `${value} ms`);

const line = ([first, ...others]: readonly string[]): string =>
  `  ${first.padEnd(28)}${others.map((cell) => cell.padStart(10)).join('')}`.trimEnd();
