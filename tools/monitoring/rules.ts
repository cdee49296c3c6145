import { stringify } from 'yaml';

import { alerts, burns, objectives, type Alert, type Objective, type Series } from './alerts.js';

/** The rules for Prometheus, and their tests for promtool, made from alerts.ts. */
const made = '# Made from tools/monitoring/alerts.ts by node tools/docs.mjs.\n';
const runbook = 'docs/operating/alerts.md';

export function ruleFile(): string {
  const windows = [...new Set(burns.flatMap(({ long, short }) => [long, short]))];
  const recorded = objectives.flatMap((objective) =>
    windows.map((window) => ({
      record: `slo:holdfast_errors:ratio_rate${window}`,
      expr: within(`(${objective.bad}) / (${objective.all})`, window),
      labels: { slo: objective.name },
    })),
  );
  return yaml({
    groups: [
      { name: 'holdfast', rules: alerts.map(ruleOf) },
      { name: 'holdfast-slo-records', rules: recorded },
      { name: 'holdfast-slo', rules: objectives.flatMap(burnRules) },
    ],
  });
}

/** Each alert is there when the numbers of its fault come in, and none without them. */
export function ruleTests(rules: string): string {
  const fired = (series: readonly Series[], at: string, name: string, labels: object[]) => ({
    interval: '1m',
    input_series: series,
    promql_expr_test: [
      {
        expr: `count by (alertname) (ALERTS{alertname="${name}",alertstate="firing"})`,
        eval_time: at,
        exp_samples: [{ labels: `{alertname="${name}"}`, value: labels.length }],
      },
    ],
  });
  const single = alerts.map(({ name, fault, firesAt }) => fired(fault, firesAt, name, [{}]));
  const paged = burns.filter(({ severity }) => severity === 'page');
  const burning = objectives.map((objective) =>
    fired(objective.fault, '6h', nameOf(objective, 'page'), [...paged]),
  );
  const quiet = { series: 'up{job="holdfast",instance="gateway-1:9100"}', values: '1x20' };
  const calm = [
    quiet,
    { series: 'holdfast_lease_age_seconds{role="shard"}', values: '0.2x20' },
    { series: 'holdfast_payments_in_work{role="payments"}', values: '0x20' },
  ];
  const none = {
    interval: '1m',
    input_series: calm,
    promql_expr_test: [{ expr: 'ALERTS', eval_time: '15m', exp_samples: [] }],
  };
  const evaluation = { rule_files: [rules], evaluation_interval: '1m' };
  return yaml({ ...evaluation, tests: [...single, ...burning, none] });
}

export const nameOf = ({ name }: Objective, severity: string): string =>
  `HoldfastSlo${name[0].toUpperCase()}${name.slice(1)}${severity === 'page' ? 'Burns' : 'Wears'}`;

function ruleOf(alert: Alert): object {
  const { name, expr, severity, summary, buyers } = alert;
  return {
    alert: name,
    expr,
    ...(alert.for === undefined ? {} : { for: alert.for }),
    labels: { severity },
    annotations: { summary, buyers, runbook: `${runbook}#${name.toLowerCase()}` },
  };
}

/** Several speeds under one name: who is woken up by one need not be by the other. */
function burnRules(objective: Objective): object[] {
  return burns.map(({ long, short, factor, severity }) => {
    const name = nameOf(objective, severity);
    const most = `${factor} * ${objective.allowed}`;
    const over = (window: string): string =>
      `slo:holdfast_errors:ratio_rate${window}{slo="${objective.name}"} > ${most}`;
    return {
      alert: name,
      expr: `${over(long)} and ${over(short)}`,
      labels: { severity, window: long },
      annotations: {
        summary: `${objective.title}: not so over the last ${long}.`,
        buyers: objective.buyers,
        runbook: `${runbook}#${name.toLowerCase()}`,
      },
    };
  });
}

const within = (expr: string, window: string): string => expr.replaceAll('[window]', `[${window}]`);

const yaml = (value: object): string => made + stringify(value, { lineWidth: 0 });
