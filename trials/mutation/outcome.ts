import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Mutation } from './mutation.js';

/** What became of a mutation. `inconclusive`: a test failed, but not because it noticed. */
export interface Outcome {
  readonly name: string;
  readonly verdict: 'caught' | 'survived' | 'inconclusive';
  readonly spec: string;
  /** The test that noticed, or why nobody can tell. */
  readonly by: string;
  readonly seconds: number;
}

/**
 * Outcomes in a file, a line each, so that a long run can be stopped and taken up, or done in
 * parts. An outcome is kept as long as its mutation, the file that it changes and its specs are
 * what they were; what those import is not looked at.
 */
export class KeptOutcomes {
  private readonly byPrint = new Map<string, Outcome>();
  /** Taken when a mutation is first asked for: the run works on a copy of that time. */
  private readonly prints = new Map<string, string>();

  constructor(
    private readonly project: string,
    private readonly file: string | null,
  ) {
    if (file === null || !existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (line === '') continue;
      const { print, ...outcome } = JSON.parse(line) as Outcome & { readonly print: string };
      this.byPrint.set(print, outcome);
    }
  }

  /** Only what was caught: everything else is worth another look. */
  of(mutation: Mutation): Outcome | undefined {
    const kept = this.byPrint.get(this.printOf(mutation));
    return kept?.verdict === 'caught' ? kept : undefined;
  }

  add(mutation: Mutation, outcome: Outcome): void {
    const print = this.printOf(mutation);
    this.byPrint.set(print, outcome);
    if (this.file === null) return;
    appendFileSync(this.file, `${JSON.stringify({ print, ...outcome })}\n`);
  }

  private printOf(mutation: Mutation): string {
    const known = this.prints.get(mutation.name);
    if (known !== undefined) return known;
    const hash = createHash('sha256').update(JSON.stringify(mutation));
    for (const file of [mutation.file, ...mutation.specs]) {
      hash.update(readFileSync(path.join(this.project, file)));
    }
    const print = hash.digest('hex').slice(0, 24);
    this.prints.set(mutation.name, print);
    return print;
  }
}
