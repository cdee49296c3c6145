import { edit, type Mutation } from '../mutation.js';

const frame = 'libs/contracts/wire-frame.ts';
const notes = 'libs/contracts/wire-item-notes.ts';
const versions = 'libs/routing/shard-versions.ts';
const client = 'libs/routing/inventory-client.ts';
const frameSpecs = ['libs/contracts/wire-frame.spec.ts', 'libs/contracts/wire-codec.spec.ts'];
const versionSpecs = ['libs/routing/shard-versions.spec.ts'];
const shardSpecs = ['apps/inventory-shard/mixed-versions.spec.ts'];

/** How two releases share a bus: what is read, what is written to whom, what is not understood. */
export const frames: readonly Mutation[] = [
  {
    name: 'frame-version',
    guarantee: 'G4',
    guard: 'a frame of an unknown version is refused, by its number (Z1)',
    file: frame,
    edits: edit('if (!isKnownVersion(version)) throw', 'if (version < 0) throw'),
    specs: frameSpecs,
  },
  {
    name: 'frame-no-tail',
    guarantee: 'G4',
    guard: 'nothing follows a frame of version 1 (Z1)',
    file: frame,
    edits: edit('  if (version !== 1) {', '  if (version > 0) {'),
    specs: frameSpecs,
  },
  {
    name: 'frame-tags-rise',
    guarantee: 'G4',
    guard: 'the tags of a tail rise (Z1)',
    file: frame,
    edits: edit('if (tag <= last) throw', 'if (tag < 0) throw'),
    specs: frameSpecs,
  },
  {
    name: 'frame-note-item',
    guarantee: 'G4',
    guard: 'a note is for an item of its batch',
    file: notes,
    edits: edit('if (index >= items.length) throw', 'if (index < 0) throw'),
    specs: frameSpecs,
  },
  {
    name: 'frame-note-name',
    guarantee: 'G8',
    guard: 'a name that its reader would refuse is not written',
    file: notes,
    edits: edit("by?.role === 'operator' && !fits(by.name)", "by?.role === 'operator' && !by"),
    specs: frameSpecs,
  },
  {
    name: 'version-of-peer',
    guarantee: 'G7',
    guard: 'a shard is written to in what it is known to read (Z3, Z4)',
    file: 'libs/routing/lane.ts',
    edits: edit('const version = ports.versionFor(incarnation);', 'const version = 2;'),
    specs: versionSpecs,
  },
  {
    name: 'version-of-answer',
    guarantee: 'G7',
    guard: 'a shard answers in the version in which it was asked (Z3)',
    file: 'libs/actor/mail.ts',
    edits: edit('    frame.version = version;\n', '    frame.version = 2;\n'),
    specs: ['libs/actor/mail.spec.ts', ...shardSpecs],
  },
  {
    name: 'version-for-name',
    guarantee: 'G9',
    guard: 'who says who he is waits until it is known whether the shard reads it',
    file: client,
    edits: edit(
      'const says = by !== undefined || this.ports.sealKey',
      'const says = this.ports.sealKey',
    ),
    specs: versionSpecs,
  },
  {
    name: 'unreadable-said',
    guarantee: 'G7',
    guard: 'who sent what cannot be read is told so at once (H4)',
    file: 'libs/hosting/read-batch.ts',
    edits: edit('if (!bus.publish(replyTo, answer)) ', 'if (answer.length === 0) '),
    specs: shardSpecs,
  },
  {
    name: 'unreadable-lower',
    guarantee: 'G7',
    guard: 'a version that was not understood is left for a lower one (Z5)',
    file: versions,
    edits: edit('peer.most = peer.writes = lower;', 'peer.writes = peer.most;'),
    specs: versionSpecs,
  },
  {
    name: 'unreadable-shun',
    guarantee: 'G8',
    guard: 'a shard that cannot be talked to is left alone for a while (Z5)',
    file: versions,
    edits: edit(
      'else if (this.isSecondTime(peer)) return this.shun(incarnation, peer);',
      'else if (peer.writes < 0) return this.shun(incarnation, peer);',
    ),
    specs: versionSpecs,
  },
  {
    name: 'unreadable-stale',
    guarantee: 'G7',
    guard: 'what was sent before the last change of version tells nothing (Z6)',
    file: versions,
    edits: edit(
      'if (found > peer.writes && found <= frameVersions.newest) return',
      'if (!peer) return',
    ),
    specs: versionSpecs,
  },
  {
    name: 'unreadable-unknown',
    guarantee: 'G4',
    guard: 'what was sent in a version that is read there may have been executed (C2)',
    file: client,
    edits: edit('reads !== null && lane.wroteNothingFor(reads)', 'reads !== null && lane !== null'),
    specs: versionSpecs,
  },
  {
    name: 'unwritable-call',
    guarantee: 'G7',
    guard: 'a call that fits no frame holds up nobody (L5)',
    file: 'libs/routing/lane.ts',
    edits: edit('      this.ports.unwritable(pending, error);\n', '      throw error;\n'),
    specs: versionSpecs,
  },
];
