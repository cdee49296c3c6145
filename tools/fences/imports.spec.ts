import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '#ops/system/paths.js';
import { projectFiles } from '../tidy/project-files.js';
import { circlesOf } from './circles.js';
import { fileOf, isShipped, refusalOf } from './fences.mjs';
import { importsOf } from './imports.js';

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const sources = projectFiles(projectRoot).filter(({ name }) => /\.(ts|tsx|mts|mjs)$/.test(name));
const known = new Set(sources.map(({ name }) => name));
const found = sources.flatMap(({ name, text }) =>
  importsOf(name, text).map((one) => ({ from: name, ...one })),
);
const edges = found.flatMap(({ from, specifier, typeOnly }): Edge[] => {
  const to = sourceOf(from, specifier);
  return to === null ? [] : [{ from, to, typeOnly }];
});

/** The source that is meant; null for packages and for what is made by the build. */
function sourceOf(from: string, specifier: string): string | null {
  const file = fileOf(from, specifier);
  if (file === null) return null;
  const plain = file.replace(/\.js$/, '');
  return [`${plain}.ts`, `${plain}.tsx`, file].find((name) => known.has(name)) ?? null;
}

function circlesAmong(among: readonly Edge[]): readonly string[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of among) next.set(from, (next.get(from) ?? new Set()).add(to));
  const circles = circlesOf(next.keys(), (one) => [...(next.get(one) ?? [])]);
  return circles.map((members) => members.join(' <-> '));
}

describe('the imports of a file', () => {
  it('are found in every form, and types told apart from what runs', () => {
    const text = `
      import './a.js';
      import type { B } from './b.js';
      import { type C } from './c.js';
      import { type D, d } from './d.js';
      export type { E } from './e.js';
      export * from './f.js';
      const g = await import('./g.js');
      type H = import('./h.js').H;
      // import './no.js';
      const text = "import './no.js'";`;
    const told = importsOf('x.ts', text).map(({ specifier, typeOnly, line }) => {
      return `${line} ${specifier} ${typeOnly ? 'types' : 'runs'}`;
    });
    expect(told).toEqual([
      '2 ./a.js runs',
      '3 ./b.js types',
      '4 ./c.js types',
      '5 ./d.js runs',
      '6 ./e.js types',
      '7 ./f.js runs',
      '8 ./g.js runs',
      '9 ./h.js types',
    ]);
  });

  it('are found in a page', () => {
    const text = `import { h } from './h.js';\nexport const A = () => <b>{h('import "x"')}</b>;`;
    expect(importsOf('a.tsx', text).map(({ specifier }) => specifier)).toEqual(['./h.js']);
  });
});

describe('circles of a graph', () => {
  const circles = (text: string): readonly string[] =>
    circlesAmong(text.split(' ').map((edge) => ({ from: edge[0], to: edge[1], typeOnly: false })));

  it('are found, each once, and a member that leads to itself', () => {
    expect(circles('ab bc ca cd de ed ff')).toEqual(['d <-> e', 'a <-> b <-> c', 'f']);
  });

  it('are not seen where ways only meet again', () => {
    expect(circles('ab ac bd cd de')).toEqual([]);
  });
});

describe('in this project', () => {
  it('imports are there to be looked at, and lead to files', () => {
    expect(edges.length).toBeGreaterThan(3_000);
    const lost = found.filter(({ from, specifier }) => {
      const file = fileOf(from, specifier);
      return file !== null && !file.startsWith('dist/') && sourceOf(from, specifier) === null;
    });
    expect(lost).toEqual([]);
  });

  it('no import is against the fences', () => {
    const wrong = found.flatMap(({ line, ...one }) => {
      const reason = refusalOf(one);
      return reason === null ? [] : [`${one.from}:${line}: ${one.specifier}: ${reason}`];
    });
    expect(wrong).toEqual([]);
  });

  it('nothing imports in a circle when it runs', () => {
    expect(circlesAmong(edges.filter(({ typeOnly }) => !typeOnly))).toEqual([]);
  });

  it('nothing that is shipped, nor the simulator, imports in a circle, types included', () => {
    const strict = edges.filter(({ from }) => isShipped(from) || from.startsWith('trials/sim/'));
    expect(circlesAmong(strict)).toEqual([]);
  });

  it('no library needs another that needs it, types included', () => {
    const library = (file: string): string => /^libs\/[^/]+/.exec(file)?.[0] ?? '';
    const between = edges
      .filter(({ from, to }) => isShipped(from) && library(from) !== '' && library(to) !== '')
      .map((edge) => ({ ...edge, from: library(edge.from), to: library(edge.to) }))
      .filter(({ from, to }) => from !== to);
    expect(circlesAmong(between)).toEqual([]);
  });
});
