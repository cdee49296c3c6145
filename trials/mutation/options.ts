import { parseArgs } from 'node:util';
import { families } from './all.js';
import type { Mutation } from './mutation.js';

/** The flags of `npm run mutation`. */
export interface MutationOptions {
  readonly mutations: readonly Mutation[];
  readonly jobs: number;
  readonly results: string | null;
  readonly list: boolean;
  readonly markdown: boolean;
  readonly write: boolean;
}

export type ParsedOptions =
  | { readonly kind: 'options'; readonly options: MutationOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

export const helpText = `npm run mutation -- [options] [WORD...]

Takes each guard out in turn, in a copy of the project, and runs the specs that must notice.

  WORD           only mutations whose name contains one of the words
  --only A,B     only these mutations, or families of them
  --jobs N       mutations at the same time, 1 to 16 (1)
  --results FILE outcomes are kept there, and what was caught is not tried again
  --list         their names
  --markdown     print the table for docs/reliability.md
  --write        put that table into docs/reliability.md (all mutations only)
  --help         this text

Families: ${Object.keys(families).join(', ')}.
Exit code 0: every guard was missed by a test. 1: one was not, or nobody can tell.`;

const flags = {
  only: { type: 'string' },
  jobs: { type: 'string', default: '1' },
  results: { type: 'string' },
  list: { type: 'boolean', default: false },
  markdown: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export function parseOptions(args: readonly string[]): ParsedOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: flags,
      strict: true,
      allowPositionals: true,
    });
    if (values.help) return { kind: 'help' };
    if (!/^([1-9]|1[0-6])$/.test(values.jobs))
      throw new Error('--jobs wants a number from 1 to 16');
    const { list, markdown, write, results = null } = values;
    const named = values.only?.split(',').filter((name) => name !== '') ?? [];
    if (write && named.length + positionals.length > 0)
      throw new Error('--write wants all of them');
    const mutations = select(named, positionals);
    const jobs = Number(values.jobs);
    return { kind: 'options', options: { mutations, jobs, results, list, markdown, write } };
  } catch (error) {
    return { kind: 'wrong', message: (error as Error).message.split('\n')[0] };
  }
}

function select(named: readonly string[], words: readonly string[]): readonly Mutation[] {
  const all = Object.entries(families).flatMap(([family, members]) =>
    members.map((mutation) => ({ family, mutation })),
  );
  const chosen = (name: string): typeof all =>
    all.filter(({ family, mutation }) => family === name || mutation.name === name);
  const unknown = named.filter((name) => chosen(name).length === 0);
  if (unknown.length > 0) throw new Error(`no mutation or family is called ${unknown.join()}`);
  const wanted = all
    .filter((one) => named.length === 0 || named.some((name) => chosen(name).includes(one)))
    .map(({ mutation }) => mutation)
    .filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  if (wanted.length === 0) throw new Error(`no mutation is called ${words.join(' or ')}`);
  return wanted;
}
