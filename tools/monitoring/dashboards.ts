/**
 * The dashboards for Grafana, as its JSON, from a few lines each: a row of panels, each with its
 * queries. Which names there are is checked against the registries (monitoring.spec.ts).
 */
export interface Panel {
  readonly title: string;
  readonly unit: Unit;
  readonly queries: readonly (readonly [expr: string, legend: string])[];
}

/** Of Grafana. */
type Unit = 'short' | 'ops' | 's' | 'bytes' | 'percentunit' | 'none';

export interface Dashboard {
  readonly name: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

const rate = (name: string, by = ''): string =>
  by === '' ? `sum(rate(${name}[1m]))` : `sum by (${by}) (rate(${name}[1m]))`;
const quantiles = (name: string, labels = ''): Panel['queries'] =>
  (['0.5', '0.99'] as const).map((q) => [
    `histogram_quantile(${q}, sum by (le) (rate(${name}_bucket${labels}[5m])))`,
    `p${Number(q) * 100}`,
  ]);
const panel = (title: string, unit: Unit, ...queries: Panel['queries']): Panel => ({
  title,
  unit,
  queries,
});
const route = (name: string): string => `{route="${name}"}`;
const holds = 'holdfast_requests_total{route="createReservation"}';

export const dashboards: readonly Dashboard[] = [
  {
    name: 'sale',
    title: 'Holdfast: sale',
    panels: [
      panel('Tickets sold', 'ops', [rate('holdfast_payments_tickets_total'), 'tickets']),
      panel('Money taken, in minor units', 'none', [
        rate('holdfast_payments_captured_minor_total', 'currency'),
        '{{currency}}',
      ]),
      panel('Holds', 'ops', [rate(holds, 'outcome'), '{{outcome}}']),
      panel('Conflicts and other answers', 'ops', [
        rate('holdfast_responses_total', 'status'),
        '{{status}}',
      ]),
      panel(
        'Time of a hold',
        's',
        ...quantiles('holdfast_request_seconds', route('createReservation')),
      ),
      panel(
        'Time of a checkout',
        's',
        ...quantiles('holdfast_request_seconds', route('createBooking')),
      ),
      panel(
        'Who watches',
        'short',
        ['sum(holdfast_sockets)', 'WebSockets'],
        ['sum(holdfast_streams)', 'streams'],
      ),
      panel('Waiting rooms: people', 'short', [
        'max by (state) (holdfast_room_people)',
        '{{state}}',
      ]),
      panel('Waiting rooms: turns', 'ops', [rate('holdfast_room_turns_total', 'turn'), '{{turn}}']),
      panel('Payments that ended', 'ops', [
        rate('holdfast_payments_settled_total', 'state'),
        '{{state}}',
      ]),
    ],
  },
  {
    name: 'owners',
    title: 'Holdfast: owners and moves',
    panels: [
      panel('Events owned', 'short', ['holdfast_events_owned', '{{shard}}']),
      panel('Commands', 'ops', [rate('holdfast_commands_total', 'shard'), '{{shard}}']),
      panel('Commands that wait', 'short', ['holdfast_mailbox_depth', '{{shard}}']),
      panel('Age of the oldest mail of a turn', 's', ...quantiles('holdfast_mailbox_seconds')),
      panel('Take-overs', 'ops', [rate('holdfast_takeovers_total', 'reason'), '{{reason}}']),
      panel('Moves', 'ops', [rate('holdfast_moves_total', 'outcome'), '{{outcome}}']),
      panel('Pause of a move', 's', ...quantiles('holdfast_move_pause_seconds')),
      panel('Actors lost', 'ops', [rate('holdfast_actors_lost_total', 'reason'), '{{reason}}']),
      panel('Lateness of deadlines', 's', ...quantiles('holdfast_timer_late_seconds')),
      panel('Events in quarantine', 'short', ['sum(holdfast_events_quarantined)', 'events']),
    ],
  },
  {
    name: 'journal',
    title: 'Holdfast: journal and database',
    panels: [
      panel('Group commits', 'ops', [rate('holdfast_append_seconds_count', 'shard'), '{{shard}}']),
      panel('Time of a group commit', 's', ...quantiles('holdfast_append_seconds')),
      panel('Events in a group', 'short', ...quantiles('holdfast_append_events')),
      panel('Unanswered for', 's', ['holdfast_journal_stalled_seconds', '{{shard}}']),
      panel('Commits that were unknown', 'ops', [
        rate('holdfast_commits_unknown_total', 'resolution'),
        '{{resolution}}',
      ]),
      panel('Age of the lease', 's', ['holdfast_lease_age_seconds', '{{shard}}']),
      panel('Facts behind the last snapshot', 'short', [
        'holdfast_snapshot_age_facts_max',
        '{{shard}}',
      ]),
      panel('Clock of Postgres ahead by', 's', ['holdfast_sale_clock_gap_seconds', '{{shard}}']),
    ],
  },
  {
    name: 'payments',
    title: 'Holdfast: payments',
    panels: [
      panel('Attempts under way', 'short', [
        'max by (state) (holdfast_payments_attempts)',
        '{{state}}',
      ]),
      panel('Stuck', 'short', ['max(holdfast_payments_stuck)', 'attempts']),
      panel('Requests to Stripe', 'ops', [
        rate('holdfast_stripe_requests_total', 'outcome'),
        '{{outcome}}',
      ]),
      panel('Time at Stripe', 's', ...quantiles('holdfast_stripe_seconds')),
      panel('Time at Stripe, p99 by operation', 's', [
        `histogram_quantile(0.99, ${rate('holdfast_stripe_seconds_bucket', 'le, operation')})`,
        '{{operation}}',
      ]),
      panel('Webhooks', 'ops', [
        rate('holdfast_payments_webhooks_total', 'outcome'),
        '{{outcome}}',
      ]),
      panel('Not tried: too many declines', 'ops', [
        rate('holdfast_payments_refused_total', 'shared'),
        '{{shared}}',
      ]),
      panel('Differences of the last comparison', 'short', [
        'max(holdfast_payments_differences)',
        'differences',
      ]),
    ],
  },
  {
    name: 'edge',
    title: 'Holdfast: edge',
    panels: [
      panel('Requests', 'ops', [rate('holdfast_requests_total', 'outcome'), '{{outcome}}']),
      panel('Failed, by route', 'ops', [
        rate('holdfast_requests_total{outcome="failed"}', 'route'),
        '{{route}}',
      ]),
      panel('Time of a request', 's', ...quantiles('holdfast_request_seconds')),
      panel('In flight', 'short', ['holdfast_requests_in_flight', '{{instance}}']),
      panel('Calls that wait for an owner', 'short', ['sum(holdfast_calls_parked)', 'calls']),
      panel('Unread by WebSockets', 'bytes', ['holdfast_sockets_buffered_bytes', '{{instance}}']),
      panel('Maps fetched again', 'ops', [
        rate('holdfast_replica_resyncs_total', 'reason'),
        '{{reason}}',
      ]),
      panel('CPU', 'percentunit', [
        'rate(process_cpu_seconds_total{job="holdfast"}[1m])',
        '{{role}} {{instance}}',
      ]),
      panel('Memory', 'bytes', [
        'process_resident_memory_bytes{job="holdfast"}',
        '{{role}} {{instance}}',
      ]),
      panel('Delay of the event loop, p99', 's', [
        'nodejs_eventloop_lag_p99_seconds{job="holdfast"}',
        '{{role}} {{instance}}',
      ]),
      panel('NATS', 'short', ['holdfast_bus_connected', '{{role}} {{instance}}']),
      panel('Releases', 'short', [
        'count by (version, node) (holdfast_build_info)',
        '{{version}} on Node {{node}}',
      ]),
    ],
  },
];

const [wide, height, perRow] = [12, 8, 2];

/** Grafana's own form; it adds what is left out with its defaults. */
export function grafanaJson({ name, title, panels }: Dashboard): object {
  return {
    uid: `holdfast-${name}`,
    title,
    tags: ['holdfast'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: '10s',
    time: { from: 'now-1h', to: 'now' },
    templating: {
      list: [{ name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' }],
    },
    annotations: { list: [] },
    panels: panels.map((one, i) => ({
      id: i + 1,
      type: 'timeseries',
      title: one.title,
      datasource: { type: 'prometheus', uid: '${datasource}' },
      gridPos: {
        x: (i % perRow) * wide,
        y: Math.floor(i / perRow) * height,
        w: wide,
        h: height,
      },
      fieldConfig: { defaults: { unit: one.unit, min: 0 }, overrides: [] },
      options: {
        legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
        tooltip: { mode: 'multi', sort: 'desc' },
      },
      targets: one.queries.map(([expr, legendFormat], target) => ({
        refId: String.fromCharCode('A'.charCodeAt(0) + target),
        datasource: { type: 'prometheus', uid: '${datasource}' },
        expr,
        legendFormat,
      })),
    })),
  };
}
