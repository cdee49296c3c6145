import { edit, type Mutation } from '../mutation.js';

const level = 'libs/hosting/fact-level.ts';
const levelSpecs = ['libs/hosting/fact-level.spec.ts', 'apps/inventory-shard/fact-format.spec.ts'];
const decided = ['libs/inventory/rules/who-caused-it.spec.ts'];
const codec = ['libs/inventory/codec/fact-codec.spec.ts'];
const finalized = ['ops/holdfastctl/upgrade.process.spec.ts'];

/** Who caused a fact, and readers before writers: what history says must be there to be read. */
export const factFormat: readonly Mutation[] = [
  {
    name: 'by-shape',
    guarantee: 'G9',
    guard: 'the names that may stand in history',
    file: 'libs/inventory/rules/shape.ts',
    edits: edit("  if (!isBy(envelope.by)) return 'by';\n", ''),
    specs: decided,
  },
  {
    name: 'refusal-of-later',
    guarantee: 'G9',
    guard: 'the refusal of codes that no level wrote in that version',
    file: 'libs/inventory/codec/fact-payloads.ts',
    edits: edit('isOldRefusal(refusal) ? {', 'true ? {'),
    specs: codec,
    tests: 'has no refusal of level 3 in a version of before',
  },
  {
    name: 'by-time',
    guarantee: 'G9',
    guard: 'what time caused is not laid on a buyer',
    file: 'libs/inventory/codec/upcasters.ts',
    edits: edit('return hasCause ? usualCauser[type] : bySystem;', 'return usualCauser[type];'),
    specs: codec,
  },
  {
    name: 'level-of-fact',
    guarantee: 'G9',
    guard: 'facts below a level are written as they were',
    file: 'libs/inventory/codec/fact-codec.ts',
    edits: edit('const saysWho = level >= levelWithBy;', 'const saysWho = level > 0;'),
    specs: codec,
  },
  {
    name: 'level-unknown',
    guarantee: 'G9',
    guard: 'no fact is written at a level that does not know its kind',
    file: 'libs/inventory/codec/fact-codec.ts',
    edits: edit(
      "    assert(version > 0, 'a fact is written at a level that knows its kind');\n",
      '',
    ),
    specs: codec,
  },
  {
    name: 'level-early',
    guarantee: 'G9',
    guard: 'nobody writes a level before it is told (FL1)',
    file: level,
    edits: edit('private current = factLevelOldest;', 'private current = factLevelNewest;'),
    specs: levelSpecs,
  },
  {
    name: 'level-falls',
    guarantee: 'G9',
    guard: 'the level never falls (FL2)',
    file: level,
    edits: edit('if (next <= this.current) return;', 'if (next === this.current) return;'),
    specs: levelSpecs,
  },
  {
    name: 'level-beyond',
    guarantee: 'G9',
    guard: 'no shard begins that cannot read what is written (FL3)',
    file: level,
    edits: edit('    if (level > factLevelNewest) throw new Error(beyond(level));\n', ''),
    specs: levelSpecs,
  },
  {
    name: 'level-asked',
    guarantee: 'G9',
    guard: 'a shard hears of a level that was raised',
    file: 'libs/hosting/upkeep.ts',
    edits: edit(
      '      clock.every(limits.passivationScanMs, () => void this.ports.factLevel.ask()),\n',
      '',
    ),
    specs: ['apps/inventory-shard/fact-format.spec.ts'],
  },
  {
    name: 'format-raised',
    guarantee: 'G9',
    guard: 'the format of a database only rises',
    file: 'libs/journal/fact-format.ts',
    edits: edit('SET level = greatest(level, $1)', 'SET level = $1'),
    specs: ['libs/journal/fact-format.process.spec.ts'],
  },
  {
    name: 'format-in-use',
    guarantee: 'G9',
    guard: 'a database that was in use stays readable for the release before',
    file: 'libs/database/migrations/0010_fact_format.sql',
    edits: edit('THEN 1\n', 'THEN 2\n'),
    specs: ['libs/journal/fact-format.process.spec.ts'],
  },
  {
    name: 'finalize-readers',
    guarantee: 'G9',
    guard: 'an upgrade is finalized when everybody reads the newest level',
    file: 'ops/holdfastctl/fact-readers.ts',
    edits: edit('return reads < newest ?', 'return reads < 0 ?'),
    specs: finalized,
  },
  {
    name: 'finalize-mute',
    guarantee: 'G9',
    guard: 'who does not answer may be a reader that knows less',
    file: 'ops/holdfastctl/fact-readers.ts',
    edits: edit(
      '    if (reads === null) return [`${incarnation} is alive and does not answer`];\n',
      '    if (reads === null) return [];\n',
    ),
    specs: finalized,
  },
  {
    name: 'finalize-leases',
    guarantee: 'G9',
    guard: 'a shard with a fresh lease is alive though nobody hears it',
    file: 'ops/holdfastctl/fact-readers.ts',
    edits: edit('readers: [...heard, ...unheard]', 'readers: unheard.slice(0, 0).concat(heard)'),
    specs: finalized,
  },
  {
    name: 'caused-by',
    guarantee: 'G9',
    guard: 'verify finds what was caused by who cannot',
    file: 'libs/oracle/causers.ts',
    edits: edit(': causers[type].includes(by.role)', ': causers[type].length > 0'),
    specs: ['libs/oracle/journal-checks.spec.ts'],
  },
];
