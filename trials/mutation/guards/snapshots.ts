import { edit, type Mutation } from '../mutation.js';

const codec = 'libs/inventory/codec';
const state = 'libs/inventory/state';
const columns = [`${codec}/snapshot-columns.spec.ts`];

/** Snapshots in columns: what is copied whole is looked at all the same. */
export const snapshots: readonly Mutation[] = [
  {
    name: 'columns-for-readers',
    guarantee: 'G9',
    guard: 'columns are written only when every release reads them',
    file: `${codec}/snapshot-format.ts`,
    edits: edit('return factLevel < levelWithColumns ? 4 : 5;', 'return 5;'),
    specs: [`${codec}/fact-codec.spec.ts`],
    tests: 'is written for those who read the facts that are written with it',
  },
  {
    name: 'columns-id-form',
    guarantee: 'G4',
    guard: 'an id of a snapshot is packed as that text is (IB2)',
    file: `${codec}/id-blocks.ts`,
    edits: edit(
      "if (!key.take(words, at, common, code)) this.from.fail('not an id');",
      'key.take(words, at, common, code);',
    ),
    specs: columns,
    tests: 'has no id in a form that is not its own',
  },
  {
    name: 'columns-too-few-ids',
    guarantee: 'G9',
    guard: 'a snapshot that names more ids than it has is refused as one that cannot be read',
    file: `${codec}/id-blocks.ts`,
    edits: edit("    if (i >= this.count) this.from.fail('fewer ids than are named');\n", ''),
    specs: columns,
    tests: 'that has fewer ids than others name of it is refused',
  },
  {
    name: 'columns-answer',
    guarantee: 'G4',
    guard: 'an answer of a snapshot is words that are kept so (WCR1)',
    file: `${codec}/window-columns-reader.ts`,
    edits: edit("    if (!isKept(words, at, key)) this.from.fail('not an answer');\n", ''),
    specs: columns,
    tests: 'has no answers but those that are kept in words',
  },
  {
    name: 'columns-command-once',
    guarantee: 'G4',
    guard: 'a snapshot remembers a command once',
    file: `${codec}/window-columns-reader.ts`,
    edits: edit(
      "if (!window.findable(this.notedFrom)) this.from.fail('command twice');",
      'window.findable(this.notedFrom);',
    ),
    specs: columns,
    tests: 'has each command once',
  },
  {
    name: 'columns-command-once-among-others',
    guarantee: 'G4',
    guard: 'a snapshot remembers a command once, whatever it was answered',
    file: `${codec}/window-columns-reader.ts`,
    edits: edit('    this.letFind();\n    if (window', '    if (window'),
    specs: columns,
    tests: 'has each command once',
  },
  {
    name: 'id-bytes-afresh',
    guarantee: 'G4',
    guard: 'an id that was read from bytes is not taken for the text that was read before',
    file: `${state}/id-key.ts`,
    edits: edit(
      '    this.id = null;\n    const { words } = this;\n    const end',
      '    const { words } = this;\n    const end',
    ),
    specs: [`${state}/structures.spec.ts`],
    tests: 'is the same from the bytes of its text',
  },
  {
    name: 'loaded-id-once',
    guarantee: 'G4',
    guard: 'ids that are added together are each there once',
    file: `${state}/id-index.ts`,
    edits: edit(
      'if (((cell ^ hash) & ~slotMask) === 0 && this.areSame(slot, other)) return false;\n',
      '\n',
    ),
    specs: [`${state}/id-index.spec.ts`],
    tests: 'are refused when one of them is there already',
  },
  {
    name: 'loaded-id-once-in-a-crowd',
    guarantee: 'G4',
    guard: 'an id that found no free cell is looked for as well',
    file: `${state}/id-index.ts`,
    edits: edit(
      '      if (overflow.size > 0 && overflow.has(this.store.idAt(slot))) return false;\n',
      '',
    ),
    specs: [`${state}/id-index.spec.ts`],
    tests: 'are refused when one of them is there already',
  },
  {
    name: 'loaded-id-room',
    guarantee: 'G4',
    guard: 'what a loader notes has a place',
    file: `${state}/id-index.ts`,
    edits: edit("    assert(isRoom, 'a loader reserves room for what it notes');\n", ''),
    specs: [`${state}/id-index.spec.ts`],
    tests: 'have had room reserved, or it is a bug',
  },
  {
    name: 'loaded-id-whole',
    guarantee: 'G4',
    guard: 'two ids with one hash are two ids',
    file: `${state}/id-index.ts`,
    edits: edit('return this.store.has(other, this.store.loadId(slot, notedKey));', 'return true;'),
    specs: [`${state}/id-index.spec.ts`],
    tests: 'are told apart when their whole hash is the same',
  },
  {
    name: 'columns-buyer',
    guarantee: 'G9',
    guard: 'a snapshot has no buyer whom nothing names (PCR2)',
    file: `${codec}/place-columns-reader.ts`,
    edits: edit(
      "    if (!this.state.placesOfBuyer.areAllThere) this.from.fail('a buyer of nothing');\n",
      '',
    ),
    specs: columns,
    tests: 'names no buyer for nothing',
  },
  {
    name: 'columns-anywhere',
    guarantee: 'G9',
    guard: 'a column that lies across words of memory is read byte by byte',
    file: `${codec}/byte-reader.ts`,
    edits: edit('if (isLittleEndian && offset % 4 === 0) {', 'if (isLittleEndian) {'),
    specs: columns,
    tests: 'is the same, wherever in memory it begins',
  },
];
