import { edit, type Mutation } from '../mutation.js';

const unread = 'apps/gateway/http/unread-answers.ts';
const unreadSpecs = ['apps/gateway/http/unread-answers.spec.ts'];
const states = 'apps/gateway/replica/seat-states.ts';
const statesSpecs = ['apps/gateway/replica/seat-states.spec.ts'];
const list = 'apps/gateway/replica/seat-list.ts';
const listSpecs = ['apps/gateway/replica/seat-list.spec.ts'];
const fresh = 'apps/gateway/replica/fresh-states.ts';
const freshSpecs = ['apps/gateway/replica/fresh-states.spec.ts'];
const work = 'apps/gateway/http/bounded-work.ts';
const workSpecs = ['apps/gateway/http/bounded-work.spec.ts'];
const cache = 'libs/platform/byte-cache.ts';
const cacheSpecs = ['libs/platform/byte-cache.spec.ts'];
const large = 'apps/gateway/http/large-answers.ts';
const seatBodies = 'apps/gateway/routes/seats/seat-bodies.spec.ts';
const seatsSpec = ['apps/gateway/routes/seats/seats.process.spec.ts'];

/** Large answers: which state they are of, what they may cost, who may leave them unread. */
export const answers: readonly Mutation[] = [
  {
    name: 'unread-address',
    guarantee: 'G8',
    guard: 'the bound on what one address leaves unread',
    file: unread,
    edits: edit(
      'return unread === 0 || unread + bytes <=',
      'return bytes >= 0 || unread + bytes <=',
    ),
    specs: unreadSpecs,
  },
  {
    name: 'unread-bodies',
    guarantee: 'G8',
    guard: 'the bound on bodies that slow readers keep alive',
    file: unread,
    edits: edit('this.held > limits.unreadBodyBytesMax ||', 'this.held < 0 ||'),
    specs: unreadSpecs,
  },
  {
    name: 'unread-slow',
    guarantee: 'G8',
    guard: 'the end of a reader who takes too little',
    file: unread,
    edits: edit('> answer.offset * 1_000) this', '< 0) this'),
    specs: unreadSpecs,
  },
  {
    name: 'states-pace',
    guarantee: 'G8',
    guard: 'how often a state of the seats is taken',
    file: states,
    edits: edit('this.isCurrent(last) || this.waitMs(nowMs) > 0)', 'this.isCurrent(last))'),
    specs: statesSpecs,
  },
  {
    name: 'states-kept',
    guarantee: 'G8',
    guard: 'how many states of the seats are kept',
    file: states,
    edits: edit('this.kept.length > limits.seatStatesKept)', 'this.kept.length < 0)'),
    specs: statesSpecs,
  },
  {
    name: 'states-epoch',
    guarantee: 'G6',
    guard: 'the term of the owner in the name of a state',
    file: states,
    edits: edit('return `${stateEpoch}.', 'return `${Math.sign(stateEpoch)}.'),
    specs: statesSpecs,
  },
  {
    name: 'list-own-copy',
    guarantee: 'G6',
    guard: 'one list after the other: none is of two states',
    file: list,
    edits: edit('this.last.then(async () => use', 'Promise.resolve().then(async () => use'),
    specs: listSpecs,
  },
  {
    name: 'list-turns',
    guarantee: 'G8',
    guard: 'the share of a turn that a list may take',
    file: list,
    edits: edit(
      'if (!this.share.spend(units)) await',
      'if (!this.share.spend(units) && units < 0) await',
    ),
    specs: listSpecs,
  },
  {
    name: 'fresh-waits',
    guarantee: 'G6',
    guard: 'the wait for what the owner has already',
    file: fresh,
    edits: edit('state !== null && state.version >= version)', 'state !== null && version >= 0)'),
    specs: freshSpecs,
  },
  {
    name: 'fresh-round',
    guarantee: 'G6',
    guard: 'a question of its own for who came after one',
    file: fresh,
    edits: edit(
      'for (const resolve of round) resolve(state);',
      'for (const resolve of [...round, ...this.waiting.splice(0)]) resolve(state);',
    ),
    specs: freshSpecs,
  },
  {
    name: 'work-at-once',
    guarantee: 'G8',
    guard: 'how much is compressed at once',
    file: work,
    edits: edit('this.running >= this.bounds.atOnceMax', 'this.running < 0'),
    specs: workSpecs,
  },
  {
    name: 'work-line',
    guarantee: 'G8',
    guard: 'the end of the line for the compressors',
    file: work,
    edits: edit('this.waiting.length >= this.bounds.waitingMax', 'this.waiting.length < 0'),
    specs: workSpecs,
  },
  {
    name: 'cache-bytes',
    guarantee: 'G8',
    guard: 'the bound of a cache in bytes',
    file: cache,
    edits: edit('left > 0 && this.sum > bytesMax', 'left > 0 && this.sum < 0'),
    specs: cacheSpecs,
  },
  {
    name: 'cache-in-use',
    guarantee: 'G8',
    guard: 'what is in use stays in the cache',
    file: cache,
    edits: edit('(this.options.inUse?.(key, cell.value) ?? false)', 'this.options.bytesMax < 0'),
    specs: cacheSpecs,
  },
  {
    name: 'answer-cost',
    guarantee: 'G8',
    guard: 'the price of an answer by its bytes',
    file: large,
    edits: edit('if (cost <= 0) return true;', 'if (cost <= 1e9) return true;'),
    specs: ['apps/gateway/http/large-answers.spec.ts'],
  },
  {
    name: 'answer-at-stop',
    guarantee: 'G8',
    guard: 'a gateway that stops waits for its answers to be read',
    file: 'apps/gateway/gateway.ts',
    edits: edit('metrics.inFlight > 0 || unread.count > 0', 'metrics.inFlight > 0'),
    specs: seatsSpec,
    tests: 'get their answer to its end',
  },
  {
    name: 'answer-begun',
    guarantee: 'G8',
    guard: 'what is dear to begin is paid for before',
    file: large,
    edits: edit('if (!this.paid(exchange, body.bytesBefore(coding))) return;', ''),
    specs: ['apps/gateway/http/large-answers.spec.ts'],
  },
  {
    name: 'sockets-looked',
    guarantee: 'G8',
    guard: 'how many sockets are asked at a time for what waits in them',
    file: 'apps/gateway/live/turns-of-sockets.ts',
    edits: edit('i < limits.socketsLookedAtMax', 'i < 1e6'),
    specs: ['apps/gateway/live/turns-of-sockets.spec.ts'],
  },
  {
    name: 'frames-address',
    guarantee: 'G8',
    guard: 'what all live maps of one address may leave unread (UF1)',
    file: 'apps/gateway/live/unread-frames.ts',
    edits: edit('return unread === 0 || unread + bytes', 'return unread >= 0 || unread + bytes'),
    specs: ['apps/gateway/live/unread-frames.spec.ts'],
  },
  {
    name: 'frames-all',
    guarantee: 'G8',
    guard: 'what all live maps of a gateway may leave unread (UF2)',
    file: 'apps/gateway/live/unread-frames.ts',
    edits: edit('this.bytes > limits.unreadFramesMax', 'this.bytes < 0'),
    specs: ['apps/gateway/live/unread-frames.spec.ts'],
  },
  {
    name: 'pings-paid',
    guarantee: 'G8',
    guard: 'pings of the protocol are messages like others (SO5)',
    file: 'apps/gateway/live/sockets.ts',
    edits: edit('ping: (socket) => this.heard(socket, true)', 'ping: () => undefined'),
    specs: ['apps/gateway/live/socket-limits.process.spec.ts'],
  },
  {
    name: 'replicas-bytes',
    guarantee: 'G8',
    guard: 'what all seat maps of a gateway may weigh',
    file: 'apps/gateway/replica/replicas.ts',
    edits: edit('return this.replicas.makeRoom(bytes);', 'return bytes > 0;'),
    specs: ['apps/gateway/replica/replicas.spec.ts'],
  },
  {
    name: 'replicas-number',
    guarantee: 'G8',
    guard: 'how many seat maps ask their owners',
    file: 'apps/gateway/replica/replicas.ts',
    edits: edit('this.replicas.size >= limits.replicasMax &&', 'this.replicas.size < 0 &&'),
    specs: ['apps/gateway/replica/replicas.spec.ts'],
  },
  {
    name: 'replicas-drafts',
    guarantee: 'G8',
    guard: 'drafts of lists go before any seat map does',
    file: 'apps/gateway/replica/replicas.ts',
    edits: edit('if (bytes > limits.replicaBytesMax) this', 'if (bytes < 0) this'),
    specs: ['apps/gateway/replica/replicas.spec.ts'],
  },
  {
    name: 'state-rules',
    guarantee: 'G6',
    guard: 'the name of a state says which prices it has',
    file: 'apps/gateway/replica/seat-states.ts',
    edits: edit("rulesRevision === 0 ? '' :", "rulesRevision >= 0 ? '' :"),
    specs: ['apps/gateway/replica/seat-states.spec.ts', seatBodies],
  },
  {
    name: 'rules-backwards',
    guarantee: 'G6',
    guard: 'a replica takes no older rules over',
    file: 'apps/gateway/replica/event-replica.ts',
    edits: edit('if (rulesRevision < before.rulesRevision || this', 'if (this'),
    specs: ['apps/gateway/replica/event-replica.spec.ts', seatBodies],
  },
  {
    name: 'event-plans-bytes',
    guarantee: 'G8',
    guard: 'what the plans of known events may weigh',
    file: 'apps/gateway/events/event-book.ts',
    edits: edit('bytesMax: limits.eventPlansBytesMax', 'bytesMax: limits.eventPlansBytesMax * 1e3'),
    specs: ['apps/gateway/events/event-book.spec.ts'],
  },
  {
    name: 'plan-turns',
    guarantee: 'G8',
    guard: 'the share of a turn that reading a plan may take',
    file: 'libs/catalogue/plan-names.ts',
    edits: edit('if (begins && !share', 'if (begins && list.length < 0 && !share'),
    specs: ['libs/catalogue/plan-names.spec.ts'],
  },
];
