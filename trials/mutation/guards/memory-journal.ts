import { edit, type Mutation } from '../mutation.js';

const store = 'libs/journal/memory-store.ts';
const memory = 'libs/journal/memory-journal.ts';
const memorySpecs = ['libs/journal/memory-journal.spec.ts'];

/** The same rules in the twin that the simulator and most specs run on. */
export const memoryJournal: readonly Mutation[] = [
  {
    name: 'memory-epoch',
    guarantee: 'G1',
    guard: "the predecessor's epoch check (memory)",
    file: store,
    edits: edit('      tail.epoch === batch.epoch &&\n', ''),
    specs: memorySpecs,
  },
  {
    name: 'memory-key',
    guarantee: 'G1',
    guard: 'a batch number is used once (memory)',
    file: store,
    edits: edit('      tail.batchNo + 1 === batch.batchNo &&\n', ''),
    specs: memorySpecs,
  },
  {
    name: 'memory-hash',
    guarantee: 'G9',
    guard: "the predecessor's hash check (memory)",
    file: store,
    edits: edit(
      'tail.lastSeq + 1 === batch.firstSeq &&\n      sameBytes(tail.hash, batch.prevHash);',
      'tail.lastSeq + 1 === batch.firstSeq;',
    ),
    specs: memorySpecs,
  },
  {
    name: 'memory-sequence',
    guarantee: 'G6',
    guard: 'the check that versions have no gap (memory)',
    file: store,
    edits: edit('      tail.lastSeq + 1 === batch.firstSeq &&\n', ''),
    specs: memorySpecs,
  },
  {
    name: 'memory-sold',
    guarantee: 'G1',
    guard: 'no live seat is sold twice (memory)',
    file: store,
    edits: edit("if (this.#sellsASoldSeat(batch)) return 'rejected';", ''),
    specs: memorySpecs,
  },
  {
    name: 'memory-settle',
    guarantee: 'G2',
    guard: 'commit unknown: the identical batch (memory)',
    file: store,
    edits: edit(
      'row !== undefined && row.epoch === epoch && sameBytes(row.hash, hash);\n  }\n\n  announce',
      'row !== undefined && epoch > 0 && hash.length > 0;\n  }\n\n  announce',
    ),
    specs: memorySpecs,
  },
  {
    name: 'memory-cas',
    guarantee: 'G1',
    guard: 'the compare of the compare-and-set (memory)',
    file: memory,
    edits: edit('const won = found.epoch === fromEpoch;', 'const won = true;'),
    specs: memorySpecs,
  },
  {
    name: 'memory-announce',
    guarantee: 'G1',
    guard: 'an announce follows a smaller epoch only (memory)',
    file: memory,
    edits: edit(
      'if (tail !== null && tail.epoch >= epoch) {',
      'if (tail !== null && tail.epoch > epoch) {',
    ),
    specs: memorySpecs,
  },
  {
    name: 'memory-again',
    guarantee: 'G7',
    guard: 'a taker that asks again finds its announce (memory)',
    file: memory,
    edits: edit(
      'const again = found.epoch === epoch && found.owner === incarnation;',
      'const again = found.epoch === -1 && found.owner === incarnation;',
    ),
    specs: memorySpecs,
  },
  {
    name: 'memory-doubt',
    guarantee: 'G2',
    guard: 'after a failure the writer refuses until it is opened again (memory)',
    file: memory,
    edits: edit('      this.#open = false;\n      throw error;', '      throw error;'),
    specs: memorySpecs,
  },
  {
    name: 'memory-release',
    guarantee: 'G1',
    guard: 'an event is given up only by its epoch (memory)',
    file: memory,
    edits: edit('if (found?.epoch !== epoch) return', 'if (found === null) return'),
    specs: memorySpecs,
  },
  {
    name: 'memory-quarantine',
    guarantee: 'G2',
    guard: 'an event in quarantine is not woken (memory)',
    file: memory,
    edits: edit('      .filter(({ quarantined }) => quarantined === null)\n', ''),
    specs: memorySpecs,
  },
  {
    name: 'memory-projection',
    guarantee: 'G1',
    guard: 'rows go in only with their batch (memory)',
    file: store,
    edits: edit(
      "    if (!follows) return 'fenced';",
      "    if (!follows) {\n      this.#project(batch);\n      return 'fenced';\n    }",
    ),
    specs: memorySpecs,
  },
  {
    name: 'memory-alone',
    guarantee: 'G2',
    guard: 'one append at a time (memory)',
    file: memory,
    edits: edit(
      "    assert(!this.#busy, 'one append in flight');\n    this.#busy = true;",
      '    this.#busy = true;',
    ),
    specs: memorySpecs,
  },
];
