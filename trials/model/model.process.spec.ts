import { modelFeatures, needed, sound } from './model.features.js';

/** What takes seconds; model.long.spec.ts has all of it. */
const quick = ['a live move', 'a database that lost its last batch'];
const guards = ['the primary key', 'the output gate', 'the hash in the look for lost batches'];

modelFeatures({
  sound: sound.filter(([what]) => quick.includes(what)),
  redundant: [],
  needed: needed.filter(([guard]) => guards.includes(guard)),
  optimise: '-O0',
});
