import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';
import { limits } from '#libs/contracts/limits.js';

/**
 * The outcome of checking a file: its value, or what is wrong with it and where. Bad input is a
 * value here, never an exception: an importer prints the problems and the next import goes on.
 */
export type Checked<T> =
  | { readonly kind: 'valid'; readonly value: T }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

export interface Problem {
  /** Where in the file: `zones[3].rows[0].seats[2].seat_guid`; empty = the file as a whole. */
  readonly path: string;
  /** Reads after the path: `must be a string`. */
  readonly message: string;
}

export const valid = <T>(value: T): Checked<T> => ({ kind: 'valid', value });

export const invalid = (problems: readonly Problem[]): Checked<never> => ({
  kind: 'invalid',
  problems,
});

/** `zones[3].name must be string`, one line, for a terminal. */
export const problemText = (problem: Problem): string =>
  problem.path === '' ? problem.message : `${problem.path} ${problem.message}`;

/** The value of what the code itself made: when that is wrong, it is a bug. */
export function sound<T>(checked: Checked<T>): T {
  if (checked.kind === 'valid') return checked.value;
  throw new Error(`not sound: ${checked.problems.map(problemText).join('; ')}`);
}

/** Collects up to limits.importProblemsMax: one broken export repeats itself 50,000 times. */
export class Problems {
  readonly list: Problem[] = [];

  get full(): boolean {
    return this.list.length >= limits.importProblemsMax;
  }

  add(path: string, message: string): void {
    if (!this.full) this.list.push({ path, message });
  }
}

/** A function that checks a parsed JSON value against a TypeBox schema. */
export function checker<T>(schema: TSchema): (value: unknown) => Checked<T> {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return valid(value as T);
    const problems = new Problems();
    const seen = new Set<string>();
    for (const error of validator.Errors(value)) {
      for (const problem of problemsOf(error)) {
        if (seen.has(problem.path)) continue;
        seen.add(problem.path);
        problems.add(problem.path, problem.message);
      }
    }
    return invalid(problems.list.filter(({ path }) => !hasDeeper(problems.list, path)));
  };
}

/** Where a value may be of two kinds, the kind that fits but for one field says more. */
function hasDeeper(problems: readonly Problem[], path: string): boolean {
  return path !== '' && problems.some((other) => other.path.startsWith(`${path}.`));
}

/** `/zones/3/rows/0/seats/2/seat_guid` as people write it. */
export function pathOfPointer(pointer: string): string {
  const steps = pointer.split('/').slice(1);
  return steps.reduce((path, step) => joinPath(path, unescapePointer(step)), '');
}

export function joinPath(path: string, step: string | number): string {
  if (/^\d+$/.test(String(step))) return `${path}[${step}]`;
  if (!/^[A-Za-z_]\w*$/.test(String(step))) return `${path}[${JSON.stringify(step)}]`;
  return path === '' ? String(step) : `${path}.${step}`;
}

const unescapePointer = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

function problemsOf(error: TLocalizedValidationError): Problem[] {
  const path = pathOfPointer(error.instancePath);
  // The parent's additionalProperties error names the same field better.
  if (error.keyword === 'boolean') return [];
  if (error.keyword === 'required') {
    return error.params.requiredProperties.map((name) => missing(joinPath(path, name)));
  }
  if (error.keyword === 'additionalProperties') {
    return error.params.additionalProperties.map((name) => unknown(joinPath(path, name)));
  }
  return [{ path, message: messageOf(error) }];
}

const missing = (path: string): Problem => ({ path, message: 'is missing' });
const unknown = (path: string): Problem => ({ path, message: 'is not a known field' });

function messageOf(error: TLocalizedValidationError): string {
  if (error.keyword === 'enum') return `must be one of ${error.params.allowedValues.join(', ')}`;
  if (error.keyword === 'pattern') return 'has characters that are not allowed';
  if (error.keyword === 'minLength') return 'must not be empty';
  if (error.keyword === 'maxLength') return `must not have over ${error.params.limit} characters`;
  if (error.keyword === 'maxItems') return `must not have over ${error.params.limit} items`;
  return error.message;
}
