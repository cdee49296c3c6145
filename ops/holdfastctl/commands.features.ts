/**
 * Every command of holdfastctl with what a spec needs to try it: words for it, and the keys of its
 * JSON, which programs rely on. A command that is missing here fails every-command.process.spec.ts.
 */
export interface Scene {
  /** On sale, owned by shard-a. */
  readonly event: string;
  readonly seat: string;
  /** An event file that was not imported yet. */
  readonly file: string;
  readonly gateway: string;
  /** An event whose sale opens later. */
  readonly soon: string;
  /** Of an event that has a waiting room. */
  readonly guarded: string;
  /** A file that `room verify` finds nothing wrong in. */
  readonly proof: string;
}

export interface CommandEntry {
  readonly words: (scene: Scene) => readonly string[];
  /** Of its JSON, sorted; of the first element when that is a list. */
  readonly keys: readonly string[];
  /** Of its JSON with --dry-run. Undefined: it changes nothing. */
  readonly dryKeys?: readonly string[];
  /** Words that the system refuses. Undefined: there is nothing it could refuse. */
  readonly refused?: (scene: Scene) => readonly string[];
  /** It prints a table, which must fit into a narrow terminal. */
  readonly fits?: true;
  /** It needs no message bus. */
  readonly busless?: true;
  /** It needs no system at all, with --dry-run. */
  readonly files?: true;
  /** It never needs one. */
  readonly offline?: true;
}

/** Of the attempt of the scene. */
export const paidTrace = 'a'.repeat(32);
const nowhere = ['evt_nowhere'];
const of =
  (...more: readonly string[]) =>
  ({ event }: Scene): readonly string[] => [event, ...more];

/** A change of the room that the scene has. */
const changedRoom = (...more: readonly string[]): CommandEntry => ({
  words: ({ guarded }) => [guarded, ...more, '--reason', 'the house'],
  keys: ['event_id', 'result', 'room'],
  dryKeys: ['event_id', 'result', 'room'],
  refused: () => [...nowhere, ...more, '--reason', 'none'],
  busless: true,
});

const imported = [
  'areas',
  'currency',
  'currency_digits',
  'event_id',
  'focal',
  'inferred',
  'layout_hash',
  'name',
  'notes',
  'on_sale_at',
  'price_max_minor',
  'price_min_minor',
  'result',
  'rows',
  'sale_ends_at',
  'seats',
  'sections',
  'start',
  'time_zone',
];
const shown = [
  'batch_no',
  'blocked',
  'booked',
  'commands_per_second',
  'epoch',
  'event_id',
  'free',
  'held',
  'holds',
  'mailbox',
  'moving',
  'oldest_mail_ms',
  'owner',
  'pinned_to',
  'quarantined',
  'sale_status',
  'seq',
  'source',
  'wake_at',
  'watchers',
];
const plan = ['automatic_suspended', 'kept', 'loads', 'moves', 'waiting_for'];
const places = ['areas', 'event_id', 'result', 'seat_ids'];
const cancellation = [
  'asked_by',
  'ended_at',
  'error',
  'event_id',
  'reason',
  'state',
  'totals',
  'troubles',
];
const cancelled = ['result', ...cancellation].sort();
const gateway = [
  'edge',
  'host',
  'name',
  'pid',
  'port',
  'requests_in_flight',
  'sockets',
  'state',
  'state_ms',
  'streams',
];
const finalized = ['before', 'result', 'written'];
const switched = ['before', 'result', 'suspended'];

const migrated = ['applied', 'demo_events', 'result', 'schema'];

const looking: Readonly<Record<string, CommandEntry>> = {
  status: {
    words: () => [],
    keys: [
      'at',
      'events',
      'gateway_processes',
      'gateways',
      'owned',
      'pinned',
      'plans',
      'processes',
      'quarantined',
      'rebalancing',
      'shards',
      'troubles',
      'upgrade',
    ],
    fits: true,
    busless: true,
  },
  'events list': { words: () => [], keys: ['events', 'total'], fits: true, busless: true },
  shards: {
    words: () => [],
    keys: ['commands_per_second', 'events', 'host', 'id', 'incarnation', 'pid', 'state', 'weight'],
    fits: true,
  },
  gateways: { words: () => [], keys: gateway, fits: true },
  trace: {
    words: () => [paidTrace],
    keys: ['attempts', 'longest', 'moments', 'trace'],
    refused: () => ['1'.repeat(32)],
    fits: true,
    busless: true,
  },
  buyer: {
    words: () => ['usr_1'],
    keys: ['attempts', 'requests', 'user_id'],
    refused: () => ['usr_nobody'],
    fits: true,
    busless: true,
  },
  'event show': {
    words: of(),
    keys: shown,
    refused: () => nowhere,
    fits: true,
    busless: true,
  },
  'event cancellation': {
    words: of(),
    keys: cancellation,
    refused: () => nowhere,
    fits: true,
    busless: true,
  },
  'event verify': {
    words: of(),
    keys: [
      'batches',
      'bookings',
      'clean',
      'epochs',
      'event_id',
      'facts',
      'first_bad_batch',
      'holds',
      'live',
      'problems',
      'quarantined',
      'snapshots',
    ],
    refused: () => nowhere,
    busless: true,
  },
  'event history': {
    words: of(),
    keys: ['entries', 'event_id', 'total'],
    refused: () => nowhere,
    fits: true,
    busless: true,
  },
  'event replay': {
    words: of('--at', '2020-01-01'),
    keys: [
      'areas',
      'at',
      'blocked',
      'booked',
      'bookings',
      'event_id',
      'free',
      'held',
      'holds',
      'last',
      'sale_status',
      'sale_status_by',
      'seats',
      'version',
    ],
    refused: of('--at', '2999-01-01'),
    fits: true,
    busless: true,
  },
  'upgrade status': {
    words: () => [],
    keys: ['finalized', 'in_the_way', 'newest', 'readers', 'written'],
    fits: true,
    busless: true,
  },
  'rebalance plan': { words: () => [], keys: plan, fits: true },
  'room status': {
    words: ({ guarded }) => [guarded],
    keys: [
      ...['active_max', 'called', 'commitment', 'drains_upto', 'drawn', 'draws_at', 'joined'],
      ...['message', 'opens_at', 'pace_percent', 'paused', 'phase', 'places_free'],
      ...['places_held', 'places_paying', 'rate_per_minute', 'room', 'scope', 'sold_out'],
      ...['waiting', 'when_unheard'],
    ],
    refused: () => nowhere,
    busless: true,
  },
  rehearse: {
    words: of('--crowd', '1000'),
    keys: [
      ...['active', 'admitted', 'crowd', 'event_id', 'free', 'gateways', 'left_without'],
      ...['owner_bound', 'owner_percent', 'places_sold', 'rate_per_minute', 'sold_out_seconds'],
    ],
    refused: () => ['evt_nowhere', '--crowd', '1000'],
    busless: true,
  },
  'payments stuck': { words: () => [], keys: [], busless: true },
  'payments reconcile': {
    words: () => [],
    keys: ['differences', 'entered', 'looked', 'pending', 'provider', 'totals'],
    busless: true,
  },
};

/** Of somebody who was sent to his bank. */
export const attempt = 'att_every';

/** Of somebody who has paid; two refunds of it have failed. */
export const paidBooking = 'bkg_every_0123456789abcdefghij';

const refunded = [
  'amount_minor',
  'booking_id',
  'currency',
  'kept_minor',
  'refund_id',
  'result',
  'state',
];

/** In this order each of them can be done, one after the other. */
const changing: Readonly<Record<string, CommandEntry>> = {
  migrate: { words: () => [], keys: migrated, dryKeys: migrated, busless: true },
  import: {
    words: ({ file }) => [file],
    keys: imported,
    dryKeys: imported,
    busless: true,
    files: true,
  },
  'event move': {
    words: of('--to', 'shard-b'),
    keys: ['epoch', 'event_id', 'from', 'pause_ms', 'result', 'to'],
    dryKeys: ['epoch', 'event_id', 'from', 'result', 'to'],
    refused: of('--to', 'shard-z'),
  },
  'event pin': {
    words: of('shard-a', '--move'),
    keys: ['before', 'event_id', 'moved', 'pinned_to', 'result'],
    dryKeys: ['before', 'event_id', 'move', 'pinned_to', 'result'],
    refused: of('shard-z'),
  },
  'event unpin': {
    words: of(),
    keys: ['before', 'event_id', 'moved', 'pinned_to', 'result'],
    dryKeys: ['before', 'event_id', 'move', 'pinned_to', 'result'],
    refused: of('--expect-epoch', '99'),
    busless: true,
  },
  'event close-sale': {
    words: of(),
    keys: ['event_id', 'result', 'sale'],
    dryKeys: ['before', 'event_id', 'result', 'sale'],
    refused: () => nowhere,
  },
  'event open-sale': {
    words: of(),
    keys: ['event_id', 'result', 'sale'],
    dryKeys: ['before', 'event_id', 'result', 'sale'],
    refused: () => nowhere,
  },
  'event block': {
    words: ({ event, seat }) => [event, '--seats', seat],
    keys: places,
    dryKeys: places,
    refused: of('--seats', 'nowhere'),
  },
  'event unblock': {
    words: ({ event, seat }) => [event, '--seats', seat],
    keys: places,
    dryKeys: places,
    refused: of('--seats', 'R2-1'),
  },
  'event release-quarantine': {
    words: of(),
    keys: ['event_id', 'reason', 'result'],
    dryKeys: ['event_id', 'reason', 'result'],
    refused: () => nowhere,
    busless: true,
  },
  'event fence': {
    words: of(),
    keys: ['against', 'connections_ended', 'epoch', 'event_id', 'result'],
    dryKeys: ['epoch', 'event_id', 'owner', 'result'],
    refused: of('--expect-epoch', '99'),
    busless: true,
  },
  'shard cordon': {
    words: () => ['shard-a'],
    keys: ['incarnation', 'result', 'state'],
    dryKeys: ['incarnation', 'result', 'state'],
    refused: () => ['shard-z'],
  },
  'shard drain': {
    words: () => ['shard-a'],
    keys: ['elapsed_ms', 'failures', 'incarnation', 'left', 'left_events', 'moved', 'result'],
    dryKeys: ['events', 'incarnation', 'result'],
    refused: () => ['shard-z'],
  },
  'shard uncordon': {
    words: () => ['shard-a'],
    keys: ['incarnation', 'result', 'state'],
    dryKeys: ['incarnation', 'result', 'state'],
    refused: () => ['shard-z'],
  },
  'payments retry': {
    words: () => [attempt],
    keys: ['attempt_id', 'result', 'state'],
    dryKeys: ['attempt_id', 'result', 'state'],
    refused: () => ['att_nobody'],
    busless: true,
  },
  'payments void': {
    words: () => [attempt],
    keys: ['attempt_id', 'result', 'state'],
    dryKeys: ['attempt_id', 'result', 'state'],
    refused: () => ['att_nobody'],
    busless: true,
  },
  'room open': {
    words: of('--reason', 'on-sale', '--draw-at', '2099-01-01T10:00:00Z'),
    keys: ['commitment', 'draws_at', 'event_id', 'opens_at', 'result', 'room'],
    dryKeys: ['draws_at', 'event_id', 'opens_at', 'result'],
    refused: () => [...nowhere, '--reason', 'none', '--draw-at', '2099-01-01'],
  },
  'room set': changedRoom('--rate', '7', '--message', 'Soon'),
  'room schedule': {
    words: ({ soon }) => [soon, '--reason', 'on-sale'],
    keys: ['commitment', 'draws_at', 'event_id', 'opens_at', 'result', 'room'],
    dryKeys: ['draws_at', 'event_id', 'opens_at', 'result'],
    refused: () => [...nowhere, '--reason', 'none'],
  },
  'room pause': changedRoom(),
  'room resume': changedRoom(),
  'room rate': changedRoom('30'),
  'room drain': changedRoom(),
  'room close': changedRoom(),
  'room verify': {
    words: ({ proof }) => [proof],
    keys: ['heads', 'index', 'position', 'room'],
    busless: true,
    offline: true,
  },
  'payments refund': {
    words: () => [paidBooking, '--reason', 'moved house'],
    keys: refunded,
    dryKeys: refunded,
    refused: () => ['bkg_nobody_0123456789abcdef', '--reason', 'moved house'],
    busless: true,
  },
  'payments retry-refund': {
    words: () => ['rfd_every', '--reason', 'another card'],
    keys: refunded,
    dryKeys: refunded,
    refused: () => ['rfd_nobody', '--reason', 'another card'],
    busless: true,
  },
  'payments close-refund': {
    words: () => ['rfd_other', '--reason', 'by transfer'],
    keys: refunded,
    dryKeys: refunded,
    refused: () => ['rfd_nobody', '--reason', 'by transfer'],
    busless: true,
  },
  'upgrade finalize': { words: () => [], keys: finalized, dryKeys: finalized },
  'event cancel': {
    words: of('--reason', 'the band is ill'),
    keys: cancelled,
    dryKeys: cancelled,
    refused: () => [...nowhere, '--reason', 'none'],
    busless: true,
  },
  'rebalance suspend': { words: () => [], keys: switched, dryKeys: switched, busless: true },
  'rebalance apply': {
    words: () => [],
    keys: ['failed', 'kept', 'moved', 'planned'],
    dryKeys: plan,
  },
  'rebalance resume': { words: () => [], keys: switched, dryKeys: switched, busless: true },
  'gateway lame-duck': {
    words: ({ gateway: name }) => [name],
    keys: ['action', 'changed', 'gateways', 'result'],
    dryKeys: ['action', 'gateways', 'result'],
    refused: () => ['nobody'],
  },
  token: {
    words: () => ['--role', 'organiser', '--organiser', 'acme'],
    keys: ['expires_at', 'name', 'organiser', 'role', 'token'],
    busless: true,
  },
  /** While nothing is moved any more. */
};

/** Whose list is empty when nothing happened before. */
const afterwards: Readonly<Record<string, CommandEntry>> = {
  moves: {
    words: () => [],
    keys: [
      'epoch',
      'event_id',
      'from',
      'outcome',
      'pause_ms',
      'phase',
      'reason',
      'started_at',
      'to',
      'total_ms',
      'warm_ms',
    ],
    fits: true,
  },
};

export const commandTable: Readonly<Record<string, CommandEntry>> = {
  ...looking,
  ...changing,
  ...afterwards,
};
