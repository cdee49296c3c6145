import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { projectRoot } from '#ops/system/paths.js';
import { alerts, burns, objectives } from './alerts.js';
import { dashboards, grafanaJson } from './dashboards.js';
import { nameOf, ruleFile, ruleTests } from './rules.js';

/** What is made from the tables of this folder, by its path in the project. */
export function monitoringFiles(): ReadonlyMap<string, string> {
  const files = new Map([
    ['ops/monitoring/alerts.yml', ruleFile()],
    ['ops/monitoring/alerts.test.yml', ruleTests('alerts.yml')],
    ['docs/operating/alerts.md', alertsPage()],
  ]);
  for (const dashboard of dashboards) {
    const text = `${JSON.stringify(grafanaJson(dashboard), null, 2)}\n`;
    files.set(`ops/monitoring/grafana/${dashboard.name}.json`, text);
  }
  return files;
}

/** For tools/docs.mjs. */
export function writeMonitoringFiles(): readonly string[] {
  const files = monitoringFiles();
  for (const [name, text] of files) {
    const file = path.join(projectRoot, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return [...files.keys()];
}

function alertsPage(): string {
  const single = alerts.map((alert) =>
    section(alert.name, alert.summary, alert.severity, [
      `When: \`${alert.expr}\`${alert.for === undefined ? '' : `, for ${alert.for}`}`,
      ...toDo(alert),
    ]),
  );
  const burning = objectives.flatMap((objective) =>
    severities.map((severity) =>
      section(nameOf(objective, severity), `${objective.title}.`, severity, [
        `When: ${speedsOf(severity)}`,
        ...toDo(objective),
      ]),
    ),
  );
  const promises = objectives.map(({ title }) => title).join('; ');
  const second = `## Objectives\n\nOver 30 days: ${promises}. ${pace}`;
  return `${[opening, ...single, second, ...burning].join('\n\n')}\n`;
}

const severities = ['page', 'ticket'] as const;
type Severity = (typeof severities)[number];

const pace = 'An alert says how fast the part that is allowed to be otherwise is used up.';
const loudness: Readonly<Record<Severity, string>> = {
  page: '**Wakes somebody up.**',
  ticket: '**Waits until the morning.**',
};

const section = (
  name: string,
  summary: string,
  severity: Severity,
  points: readonly string[],
): string =>
  [`### ${name}`, `${summary} ${loudness[severity]}`, points.map((p) => `- ${p}`).join('\n')].join(
    '\n\n',
  );

const toDo = ({ buyers, act }: { readonly buyers: string; readonly act: string }) => [
  `Buyers: ${buyers}`,
  `Do: ${act}`,
];

const speedsOf = (severity: Severity): string =>
  burns
    .filter((burn) => burn.severity === severity)
    .map(({ long, short, factor }) => `over ${long} and ${short} ${factor} times what is allowed`)
    .join('; or ');

const opening = [
  '# Alerts',
  '',
  'What each alert means, what buyers see, and what to do. Made from',
  '[alerts.ts](../../tools/monitoring/alerts.ts) by `node tools/docs.mjs`, with the rules',
  '([alerts.yml](../../ops/monitoring/alerts.yml)) and a test of each by the numbers of its fault',
  '([alerts.test.yml](../../ops/monitoring/alerts.test.yml), for `promtool test rules`).',
  'Dashboards for Grafana are in [ops/monitoring/grafana](../../ops/monitoring/grafana); they were',
  'checked against a schema and by Prometheus, not yet looked at in Grafana itself. What each',
  'number means is under [metrics](../reference/metrics.md).',
  '',
  'Prometheus scrapes `/metrics` of every process (`HOLDFAST_METRICS_PORT`) in a job named',
  '`holdfast`, as in [prometheus.yml](../../ops/monitoring/prometheus.yml).',
  '',
  '## Single faults',
].join('\n');
