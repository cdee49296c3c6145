import { edit, type Mutation } from '../mutation.js';

const schema = 'libs/database/schema.ts';
const specs = ['libs/database/schema.spec.ts'];

/** What somebody relies on who runs the system and did not write it. */
export const operations: readonly Mutation[] = [
  {
    name: 'schema-older',
    guarantee: 'G9',
    guard: 'nothing is served on a schema that lacks a migration',
    file: schema,
    edits: edit('if (missing !== undefined) {', 'if (missing === null) {'),
    specs,
  },
  {
    name: 'schema-newer',
    guarantee: 'G9',
    guard: 'a newer schema is served on only as far back as it says',
    file: schema,
    edits: edit('(from == null || from > own)', 'from === own'),
    specs,
  },
  {
    name: 'schema-user',
    guarantee: 'G8',
    guard: 'a database that refuses us is not waited for',
    file: schema,
    edits: edit('if (!isDatabaseAway(error) || clock', 'if (clock'),
    specs,
    tests: 'ends at once',
  },
  {
    name: 'schema-asked',
    guarantee: 'G9',
    guard: 'a shard asks for the schema before it serves',
    file: 'apps/inventory-shard/main.ts',
    edits: edit('await requireSchema(leasePool, { log, clock: systemClock });', ''),
    specs: ['ops/start/schema.process.spec.ts'],
    tests: 'newer than it can serve',
  },
  {
    name: 'ctl-never-builds',
    guarantee: 'G2',
    guard: 'a command for operators changes no installation',
    file: 'ops/holdfastctl.mjs',
    edits: edit(
      'if (existsSync(program)) {',
      "await (await import('./setup.mjs')).setupOrExit();\nif (existsSync(program)) {",
    ),
    specs: ['ops/holdfastctl/shipped.process.spec.ts'],
  },
];
