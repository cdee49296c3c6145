import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Type } from 'typebox';
import { Value } from 'typebox/value';

import { projectRoot } from '#ops/system/paths.js';

import { alerts, objectives } from './alerts.js';
import { dashboards, grafanaJson } from './dashboards.js';
import { monitoringFiles } from './files.js';
import { ruleFile } from './rules.js';

const read = (name: string): string => readFileSync(path.join(projectRoot, name), 'utf8');

/** Every number of ours that a text asks for, without what Prometheus makes of a histogram. */
const namesIn = (text: string): string[] =>
  [...text.matchAll(/(?<![:\w])holdfast_\w+/g)].map(([name]) =>
    name.replace(/_(bucket|count|sum)$/, ''),
  );

const known = new Set(
  [...read('docs/reference/metrics.md').matchAll(/^\| `(holdfast_\w+)`/gm)].map(([, name]) => name),
);

describe('the files of ops/monitoring', () => {
  it.each([...monitoringFiles()])('%s is what node tools/docs.mjs makes', (name, text) => {
    expect(read(name)).toBe(text);
  });

  it('ask for numbers that there are', () => {
    const asked = [...dashboards.map((one) => JSON.stringify(grafanaJson(one))), ruleFile()];
    const unknown = asked.flatMap(namesIn).filter((name) => !known.has(name));
    expect([...new Set(unknown)].sort()).toEqual([]);
  });

  it('name each alert once, and say what to do', () => {
    const names = alerts.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(
      [...alerts, ...objectives].filter(({ act, buyers }) => act === '' || buyers === ''),
    ).toEqual([]);
  });
});

/** What Grafana needs of a dashboard from a file; what it lacks has defaults. */
const dashboard = Type.Object({
  uid: Type.String({ pattern: '^[a-zA-Z0-9_-]{1,40}$' }),
  title: Type.String({ minLength: 1 }),
  schemaVersion: Type.Integer({ minimum: 36 }),
  templating: Type.Object({ list: Type.Array(Type.Object({ name: Type.String() })) }),
  panels: Type.Array(
    Type.Object({
      id: Type.Integer({ minimum: 1 }),
      type: Type.Literal('timeseries'),
      title: Type.String({ minLength: 1 }),
      gridPos: Type.Object({
        x: Type.Integer({ minimum: 0, maximum: 12 }),
        y: Type.Integer({ minimum: 0 }),
        w: Type.Literal(12),
        h: Type.Integer({ minimum: 1 }),
      }),
      targets: Type.Array(
        Type.Object({ refId: Type.String({ pattern: '^[A-Z]$' }), expr: Type.String() }),
        { minItems: 1 },
      ),
    }),
    { minItems: 1 },
  ),
});

describe('a dashboard', () => {
  it.each(dashboards)('of $name is one that Grafana takes', (one) => {
    const json = grafanaJson(one) as {
      panels: { id: number; gridPos: { x: number; y: number } }[];
    };
    expect([...Value.Errors(dashboard, json)]).toEqual([]);
    const places = json.panels.map(({ gridPos: { x, y } }) => `${x},${y}`);
    expect(new Set(places).size).toBe(places.length);
  });
});
