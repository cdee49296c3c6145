/**
 * What wakes somebody up, and what waits until the morning. One table: the rules for Prometheus,
 * the test of each by the numbers of its fault, and the page of what to do are made from it
 * (node tools/docs.mjs), so that no alert is without any of them.
 */
export interface Alert {
  readonly name: string;
  readonly expr: string;
  /** In Prometheus' notation; absent: at once. */
  readonly for?: string;
  /** `page`: buyers are hurt, or will be soon. `ticket`: look at it today. */
  readonly severity: 'page' | 'ticket';
  readonly summary: string;
  readonly buyers: string;
  readonly act: string;
  /** The numbers of its fault, in the notation of promtool, and when the alert is there by then. */
  readonly fault: readonly Series[];
  readonly firesAt: string;
}

export interface Series {
  readonly series: string;
  readonly values: string;
}

const nothing = 'Nothing yet.';
const gateway = (route: string, outcome: string): string =>
  `holdfast_requests_total{job="holdfast",role="gateway",route="${route}",outcome="${outcome}"}`;
const one = (series: string, values: string): readonly Series[] => [{ series, values }];
/** A counter that was there before its first event, and stays at one. */
const once = '0x5 1x20';

/** Of processes: scraped by the job `holdfast`. */
const processes: readonly Alert[] = [
  {
    name: 'HoldfastProcessDown',
    expr: 'up{job="holdfast"} == 0',
    for: '30s',
    severity: 'ticket',
    summary: 'A process of Holdfast does not answer Prometheus.',
    buyers:
      'Of a shard: its events are taken over in a second. Of one of several gateways: less ' +
      'room. Of the last one: everything, and another alert says so.',
    act: '`holdfastctl status`, then the log of that process. It may be started again at any time.',
    fault: one('up{job="holdfast",instance="shard-1:9100"}', '1x3 0x20'),
    firesAt: '6m',
  },
  {
    name: 'HoldfastNoShard',
    expr: 'absent(holdfast_lease_age_seconds)',
    for: '30s',
    severity: 'page',
    summary: 'No inventory shard is there.',
    buyers: 'Nobody can hold, pay or release. Maps and searches go on.',
    act: 'Start a shard. Holds and bookings are in the journal; nothing is lost.',
    fault: one('up{job="holdfast",instance="gateway-1:9100"}', '1x20'),
    firesAt: '4m',
  },
  {
    name: 'HoldfastNoPayments',
    expr: 'absent(holdfast_payments_in_work)',
    for: '30s',
    severity: 'page',
    summary: 'No payments process is there.',
    buyers: 'Bookings are answered 503; holds go on and run out.',
    act: 'Start one: attempts that were under way go on in it.',
    fault: one('up{job="holdfast",instance="gateway-1:9100"}', '1x20'),
    firesAt: '4m',
  },
  {
    name: 'HoldfastBusDisconnected',
    expr: 'holdfast_bus_connected == 0',
    for: '15s',
    severity: 'page',
    summary: 'A process has lost NATS.',
    buyers: 'What needs that process is answered 503. Nothing is lost.',
    act: 'Look at the NATS servers: the processes connect again by themselves.',
    fault: one('holdfast_bus_connected{role="gateway",instance="gateway-1:9100"}', '1x3 0x20'),
    firesAt: '6m',
  },
  {
    name: 'HoldfastEventLoopSlow',
    expr: 'nodejs_eventloop_lag_p99_seconds{job="holdfast"} > 0.25',
    for: '2m',
    severity: 'ticket',
    summary: 'A process is busy for long stretches.',
    buyers: 'All that it answers is late.',
    act:
      'Is the machine overloaded, or swapping? More gateways or shards help; an event is ' +
      'decided by one core.',
    fault: one('nodejs_eventloop_lag_p99_seconds{job="holdfast",role="gateway"}', '0.4x20'),
    firesAt: '5m',
  },
  {
    name: 'HoldfastCertificateEnds',
    expr: 'holdfast_tls_certificate_days_left < 14',
    severity: 'ticket',
    summary: 'The certificate of a gateway ends within two weeks.',
    buyers: 'Nothing until it has ended, then everything.',
    act: 'See why it was not renewed: docs/operating/tls.md.',
    fault: one('holdfast_tls_certificate_days_left{role="gateway"}', '13.5x20'),
    firesAt: '1m',
  },
];

const journal: readonly Alert[] = [
  {
    name: 'HoldfastAcknowledgedLost',
    expr: 'increase(holdfast_journal_behind_memory_total[15m]) > 0',
    severity: 'page',
    summary: 'The database lost what was promised (G2).',
    buyers: 'The event is refused. Holds or bookings that were confirmed may be gone.',
    act: 'Stop the shards before you look: docs/operating.md, “An event is quarantined”.',
    fault: one('holdfast_journal_behind_memory_total{role="shard",shard="shard-1"}', once),
    firesAt: '7m',
  },
  {
    name: 'HoldfastEventQuarantined',
    expr: 'max without (instance, shard) (holdfast_events_quarantined) > 0',
    severity: 'page',
    summary: 'An event refuses to be served.',
    buyers: 'Everybody at that event is told 503. Other events go on.',
    act: '`holdfastctl status` names it and why: docs/operating.md, “An event is quarantined”.',
    fault: one('holdfast_events_quarantined{role="shard",shard="shard-1"}', '0x3 1x20'),
    firesAt: '4m',
  },
  {
    name: 'HoldfastJournalStalled',
    expr: 'holdfast_journal_stalled_seconds > 1',
    for: '15s',
    severity: 'page',
    summary: 'Postgres does not answer an append.',
    buyers: 'Holds and payments on the events of that shard are told 503. Nothing is lost.',
    act:
      'Look at Postgres: disk full, locks, a synchronous standby that is away. Shards need ' +
      'no restart.',
    fault: one('holdfast_journal_stalled_seconds{role="shard",shard="shard-1"}', '0x3 20x20'),
    firesAt: '6m',
  },
  {
    name: 'HoldfastAppendSlow',
    expr: 'histogram_quantile(0.99, sum by (le) (rate(holdfast_append_seconds_bucket[5m]))) > 0.25',
    for: '5m',
    severity: 'ticket',
    summary: 'Group commits take over a quarter of a second.',
    buyers: 'Every hold takes that much longer.',
    act: 'Look at the disk and at the standby: every commit waits for both.',
    fault: [
      { series: 'holdfast_append_seconds_bucket{role="shard",le="0.25"}', values: '0+1x30' },
      { series: 'holdfast_append_seconds_bucket{role="shard",le="1"}', values: '0+10x30' },
      { series: 'holdfast_append_seconds_bucket{role="shard",le="+Inf"}', values: '0+10x30' },
    ],
    firesAt: '15m',
  },
  {
    name: 'HoldfastCommitsUnknown',
    expr: 'sum(increase(holdfast_commits_unknown_total[15m])) > 0',
    severity: 'ticket',
    summary: 'Appends were not answered and had to be looked for.',
    buyers: 'Some waited for seconds, or were told 503. Nothing is lost or done twice (G4).',
    act: 'Was Postgres restarted or promoted? Else look at the network in between.',
    fault: one('holdfast_commits_unknown_total{role="shard",resolution="appended"}', once),
    firesAt: '7m',
  },
  {
    name: 'HoldfastLeaseNotRenewed',
    expr: 'holdfast_lease_age_seconds > 1',
    for: '15s',
    severity: 'page',
    summary: 'A shard cannot prove that it lives.',
    buyers: 'It says nothing; others take its events over in seconds.',
    act: 'Look at Postgres and at the load of its machine.',
    fault: one('holdfast_lease_age_seconds{role="shard",shard="shard-1"}', '0.2x3 5x20'),
    firesAt: '6m',
  },
  {
    name: 'HoldfastClockGap',
    expr: 'abs(holdfast_sale_clock_gap_seconds) > 1',
    for: '1m',
    severity: 'ticket',
    summary: 'The clocks of Postgres and of a shard go apart.',
    buyers: 'Deadlines are kept by the slower one: holds last a little longer (G3).',
    act: 'See to the time service of both machines.',
    fault: one('holdfast_sale_clock_gap_seconds{role="shard"}', '-2x20'),
    firesAt: '4m',
  },
];

const owners: readonly Alert[] = [
  {
    name: 'HoldfastActorBroken',
    expr: 'sum(increase(holdfast_actors_lost_total{reason=~"rejected|broken"}[15m])) > 0',
    severity: 'page',
    summary: 'A bug was caught, or the journal refused a seat that is booked already.',
    buyers: 'One command failed; the event started again from its journal.',
    act:
      'Keep the log (`actor broken, rebuilding`) and report it. If it goes on, the event is ' +
      'quarantined.',
    fault: one('holdfast_actors_lost_total{role="shard",reason="broken"}', once),
    firesAt: '7m',
  },
  {
    name: 'HoldfastOverloaded',
    expr: 'sum(rate(holdfast_commands_overloaded_total[2m])) > 1',
    for: '1m',
    severity: 'ticket',
    summary: 'More buyers come to an event than it can decide for.',
    buyers: 'Some are told 503 with a time to come back.',
    act: '`holdfastctl events --hot`. More gateways do not help one event.',
    fault: one('holdfast_commands_overloaded_total{role="shard"}', '0+600x20'),
    firesAt: '6m',
  },
  {
    name: 'HoldfastMovesFail',
    expr: 'sum(increase(holdfast_move_rollbacks_total[30m])) > 3',
    severity: 'ticket',
    summary: 'Live moves of events are given up again and again.',
    buyers: 'A short pause each time.',
    act: '`holdfastctl moves` says why; `holdfastctl rebalance suspend` stops the automatic ones.',
    fault: one('holdfast_move_rollbacks_total{role="shard"}', '0x5 5x30'),
    firesAt: '8m',
  },
  {
    name: 'HoldfastDeadlinesLate',
    expr:
      'histogram_quantile(0.99, sum by (le) (rate(holdfast_timer_late_seconds_bucket[5m]))) ' +
      '> 1',
    for: '5m',
    severity: 'ticket',
    summary: 'Holds end over a second late.',
    buyers: 'Seats come back late; nobody loses any (G3).',
    act: 'A shard is overloaded, or events had no owner for a while: `holdfastctl shards`.',
    fault: [
      { series: 'holdfast_timer_late_seconds_bucket{role="shard",le="1"}', values: '0+1x30' },
      { series: 'holdfast_timer_late_seconds_bucket{role="shard",le="5"}', values: '0+10x30' },
      { series: 'holdfast_timer_late_seconds_bucket{role="shard",le="+Inf"}', values: '0+10x30' },
    ],
    firesAt: '15m',
  },
];

const money: readonly Alert[] = [
  {
    name: 'HoldfastMoneyDiffers',
    expr: 'max(holdfast_payments_differences) > 0',
    severity: 'page',
    summary: 'Bookings, ledger and provider do not agree (G5).',
    buyers: 'Somebody may have paid without seats, or has seats that are not paid.',
    act: '`holdfastctl payments reconcile` names each, and docs/operating.md what to do about it.',
    fault: one('holdfast_payments_differences{role="payments"}', '0x3 2x20'),
    firesAt: '4m',
  },
  {
    name: 'HoldfastMoneyNotCompared',
    expr: 'min(holdfast_payments_reconciled_age_seconds) > 172800',
    severity: 'ticket',
    summary: 'The money was not compared for two days.',
    buyers: nothing,
    act: 'The log of payments says why (`the money could not be reconciled`).',
    fault: one('holdfast_payments_reconciled_age_seconds{role="payments"}', '180000x20'),
    firesAt: '1m',
  },
  {
    name: 'HoldfastPaymentsStuck',
    expr: 'max(holdfast_payments_stuck) > 0',
    for: '2m',
    severity: 'page',
    summary: 'Payments do not end.',
    buyers: 'They were told that it takes a while. Their seats wait.',
    act: '`holdfastctl payments stuck`, then `holdfastctl trace` of one of them.',
    fault: one('holdfast_payments_stuck{role="payments"}', '0x3 4x20'),
    firesAt: '7m',
  },
  {
    name: 'HoldfastStripeFails',
    expr:
      'sum(rate(holdfast_stripe_requests_total{outcome=~"unclear|not_tried"}[5m]))' +
      ' / sum(rate(holdfast_stripe_requests_total[5m])) > 0.1',
    for: '3m',
    severity: 'page',
    summary: 'One of ten requests to Stripe fails.',
    buyers: 'Payments take long, or are told 503 before they begin. Holds stay.',
    act:
      'status.stripe.com; a key that was withdrawn (`refused` in ' +
      '`holdfast_stripe_requests_total`).',
    fault: [
      { series: 'holdfast_stripe_requests_total{outcome="ok"}', values: '0+60x30' },
      { series: 'holdfast_stripe_requests_total{outcome="unclear"}', values: '0+20x30' },
    ],
    firesAt: '12m',
  },
  {
    name: 'HoldfastStripeSlow',
    expr: 'histogram_quantile(0.99, sum by (le) (rate(holdfast_stripe_seconds_bucket[5m]))) > 2',
    for: '5m',
    severity: 'ticket',
    summary: 'Stripe takes over two seconds.',
    buyers: 'Checkouts take as much longer.',
    act: 'status.stripe.com. `holdfastctl buyer` and `trace` show single ones.',
    fault: [
      { series: 'holdfast_stripe_seconds_bucket{le="2"}', values: '0+10x30' },
      { series: 'holdfast_stripe_seconds_bucket{le="5"}', values: '0+20x30' },
      { series: 'holdfast_stripe_seconds_bucket{le="+Inf"}', values: '0+20x30' },
    ],
    firesAt: '15m',
  },
  {
    name: 'HoldfastCardsTried',
    expr: 'sum(increase(holdfast_payments_refused_total[15m])) > 20',
    severity: 'ticket',
    summary: 'Somebody may be trying stolen cards.',
    buyers: nothing,
    act: 'docs/security.md, “Who tries cards”.',
    fault: one('holdfast_payments_refused_total{role="payments",shared="address"}', '0+10x20'),
    firesAt: '12m',
  },
];

export const alerts: readonly Alert[] = [...processes, ...journal, ...owners, ...money];

/** A promise about many requests: of all but so few, something holds. */
export interface Objective {
  readonly name: string;
  readonly title: string;
  /** What may be otherwise, of all. */
  readonly allowed: number;
  /** Both over `[window]`, which is put in. */
  readonly bad: string;
  readonly all: string;
  readonly buyers: string;
  readonly act: string;
  readonly fault: readonly Series[];
}

const requests = 'holdfast_requests_total{role="gateway"}';
const answered = (route: string, le: string): string =>
  `sum(rate(holdfast_request_seconds_bucket{route="${route}",le="${le}"}[window]))`;
const allOf = (route: string): string =>
  `sum(rate(holdfast_request_seconds_count{route="${route}"}[window]))`;
const slower = (route: string, le: string): string => `${allOf(route)} - ${answered(route, le)}`;
const slowOnes = (route: string, le: string): readonly Series[] => [
  { series: `holdfast_request_seconds_bucket{route="${route}",le="${le}"}`, values: '0+5x400' },
  { series: `holdfast_request_seconds_count{route="${route}"}`, values: '0+10x400' },
];

export const objectives: readonly Objective[] = [
  {
    name: 'availability',
    title: '99.99 % of all requests are not failed by us',
    allowed: 0.0001,
    bad: `sum(rate(${requests.replace('}', ',outcome="failed"}')}[window]))`,
    all: `sum(rate(${requests}[window]))`,
    buyers: 'Some get 5xx.',
    act: 'The dashboard “Edge”: which routes, since when; the alerts that came with it.',
    fault: [
      { series: gateway('showEvent', 'ok'), values: '0+100x400' },
      { series: gateway('showEvent', 'failed'), values: '0+5x400' },
    ],
  },
  {
    name: 'holds',
    title: '99 % of holds are answered within 500 ms',
    allowed: 0.01,
    bad: slower('createReservation', '0.5'),
    all: allOf('createReservation'),
    buyers: 'Seats are slow to get.',
    act: 'The dashboard “Journal”: slow appends; “Owners”: a deep mailbox.',
    fault: slowOnes('createReservation', '0.5'),
  },
  {
    name: 'checkouts',
    title: '99 % of checkouts are answered within 2 s',
    allowed: 0.01,
    bad: slower('createBooking', '2'),
    all: allOf('createBooking'),
    buyers: 'Paying is slow.',
    act: 'The dashboard “Payments”: how long Stripe takes.',
    fault: slowOnes('createBooking', '2'),
  },
];

/**
 * How fast what is allowed in 30 days may be used up, over a long window and, so that an alert ends
 * soon after its cause, over a short one as well (Site Reliability Workbook, chapter 5).
 */
export const burns = [
  { long: '1h', short: '5m', factor: 14.4, severity: 'page' },
  { long: '6h', short: '30m', factor: 6, severity: 'page' },
  { long: '3d', short: '6h', factor: 1, severity: 'ticket' },
] as const;
