import { edit, type Mutation } from '../mutation.js';

const commit = ['libs/actor/group-commit.spec.ts'];
const recovery = ['apps/inventory-shard/recovery.spec.ts'];

/** What is believed after an append, and what is believed when an event comes to life. */
export const commitAndRecovery: readonly Mutation[] = [
  {
    name: 'unknown-believed',
    guarantee: 'G2',
    guard: 'an unknown commit is settled, not believed',
    file: 'libs/actor/group-commit.ts',
    edits: edit('await this.settleAll(batches);', "batches.map(() => 'appended' as const);"),
    specs: commit,
  },
  {
    name: 'unknown-reopen',
    guarantee: 'G2',
    guard: 'an unknown commit is settled on a new connection',
    file: 'libs/actor/group-commit.ts',
    edits: edit('        await this.ports.writer.reopen();\n', ''),
    specs: commit,
  },
  {
    name: 'group-verdict',
    guarantee: 'G1',
    guard: 'verdicts are judged per event',
    file: 'libs/actor/group-commit.ts',
    edits: edit('const verdict = verdicts[i];', 'const verdict = verdicts[0];'),
    specs: commit,
  },
  {
    name: 'group-bound',
    guarantee: 'G8',
    guard: 'the bound of events in one append',
    file: 'libs/actor/group-commit.ts',
    edits: edit('      if (group.length === limits.eventsPerGroupMax) break;\n', ''),
    specs: commit,
  },
  {
    name: 'snapshot-digest',
    guarantee: 'G9',
    guard: 'the digest check of a snapshot',
    file: 'libs/actor/recovery.ts',
    edits: edit('if (snapshotDigest(snapshot.state) === snapshot.digest) {', 'if (batchNo > 0) {'),
    specs: recovery,
  },
  {
    name: 'chain-number',
    guarantee: 'G9',
    guard: 'recovery stops at a gap in the journal',
    file: 'libs/actor/recovery.ts',
    edits: edit('assert(batch.batchNo === previousNo + 1,', 'assert(batch.batchNo > previousNo,'),
    specs: recovery,
  },
  {
    name: 'chain-link',
    guarantee: 'G9',
    guard: 'recovery stops where the hash chain breaks',
    file: 'libs/actor/recovery.ts',
    edits: edit(
      'assert(equalBytes(batch.prevHash, previousHash),',
      'assert(previousHash.length === 32,',
    ),
    specs: recovery,
  },
  {
    name: 'chain-content',
    guarantee: 'G9',
    guard: 'recovery stops at altered facts',
    file: 'libs/actor/recovery.ts',
    edits: edit(
      'assert(equalBytes(batchHash(batch.prevHash, batch), batch.hash),',
      'assert(batchHash.length > 0,',
    ),
    specs: recovery,
  },
  {
    name: 'verify-link',
    guarantee: 'G9',
    guard: "the auditor's check of the link",
    file: 'libs/journal/verify-chain.ts',
    edits: edit('if (!sameBytes(batch.prevHash, before.hash))', 'if (batch.hash.length === 0)'),
    specs: ['libs/journal/verify-chain.spec.ts'],
  },
  {
    name: 'verify-content',
    guarantee: 'G9',
    guard: "the auditor's check of the content",
    file: 'libs/journal/verify-chain.ts',
    edits: edit(
      'if (!sameBytes(batchHash(batch.prevHash, batch), batch.hash))',
      'if (batch.hash.length === 0)',
    ),
    specs: ['libs/journal/verify-chain.spec.ts'],
  },
  {
    name: 'chain-count',
    guarantee: 'G9',
    guard: 'recovery stops at a batch that miscounts its facts',
    file: 'libs/actor/recovery.ts',
    edits: edit('assert(state.version === batch.lastSeq,', 'assert(state.version >= 0,'),
    specs: recovery,
  },
  {
    name: 'snapshot-form',
    guarantee: 'G9',
    guard: 'a snapshot that cannot be read is passed over',
    file: 'libs/actor/recovery.ts',
    edits: edit(
      "    log.error({ event, batchNo, err: error }, 'snapshot is unreadable, passed over');",
      '    throw error;',
    ),
    specs: recovery,
  },
  {
    name: 'verify-gap',
    guarantee: 'G9',
    guard: "the auditor's check of the numbers",
    file: 'libs/journal/verify-chain.ts',
    edits: edit('if (batch.batchNo !== before.batchNo + 1) {', 'if (batch.batchNo < 0) {'),
    specs: ['libs/journal/verify-chain.spec.ts'],
  },
  {
    name: 'verify-epoch',
    guarantee: 'G9',
    guard: "the auditor's check of the epochs",
    file: 'libs/journal/verify-chain.ts',
    edits: edit('if (batch.epoch < before.epoch) return', 'if (batch.epoch < 0) return'),
    specs: ['libs/journal/verify-chain.spec.ts'],
  },
  {
    name: 'verify-version',
    guarantee: 'G9',
    guard: "the auditor's check of the versions",
    file: 'libs/journal/verify-chain.ts',
    edits: edit('if (batch.firstSeq !== before.lastSeq + 1) {', 'if (batch.firstSeq < 0) {'),
    specs: ['libs/journal/verify-chain.spec.ts'],
  },
  {
    name: 'verify-announce',
    guarantee: 'G9',
    guard: "the auditor's check that an epoch begins with an announce",
    file: 'libs/journal/verify-chain.ts',
    edits: edit(
      'if (batch.epoch > before.epoch && batch.facts.byteLength > 0) {',
      'if (batch.epoch < 0) {',
    ),
    specs: ['libs/journal/verify-chain.spec.ts'],
  },
  {
    name: 'unknown-order',
    guarantee: 'G2',
    guard: 'nothing is written before an unknown outcome is settled',
    file: 'libs/actor/group-commit.ts',
    edits: edit(
      '      const verdicts = await this.settleAll(batches);\n',
      '      this.running = false;\n      this.kick();\n' +
        '      const verdicts = await this.settleAll(batches);\n',
    ),
    specs: commit,
  },
];
