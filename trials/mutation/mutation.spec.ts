import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '#ops/system/paths.js';
import { mutations } from './all.js';
import { edit, mutate, type Mutation } from './mutation.js';
import { pagePath } from './table.js';

const textOf = (file: string): string => readFileSync(path.join(projectRoot, file), 'utf8');

describe('the mutations', () => {
  it.each(mutations.map((mutation) => [mutation.name, mutation] as const))(
    '%s still fits its source',
    (_name, mutation) => {
      const before = textOf(mutation.file);
      expect(mutate(before, mutation)).not.toBe(before);
    },
  );

  it('have names of their own', () => {
    const names = mutations.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('name specs that exist', () => {
    const specs = [...new Set(mutations.flatMap((mutation) => mutation.specs))];
    expect(specs.filter((spec) => !existsSync(path.join(projectRoot, spec)))).toEqual([]);
  });

  it('take something from every guarantee', () => {
    const guarantees = [...new Set(mutations.map(({ guarantee }) => guarantee))].sort();
    expect(guarantees).toEqual([...'123456789'].map((n) => `G${n}`).concat('access'));
    expect(mutations.length).toBeGreaterThanOrEqual(40);
  });
});

describe('the table of docs/reliability.md', () => {
  it('has every mutation, in order, with the spec that noticed (--write makes it)', () => {
    const rows = textOf(pagePath).matchAll(/^\| `([a-z-]+)` +\|.*\]\(\.\.\/([^)]+)\), /gm);
    const said = [...rows].map(([, name, spec]) => [name, spec]);
    expect(said.map(([name]) => name)).toEqual(mutations.map(({ name }) => name));
    const specsOf = new Map(mutations.map(({ name, specs }) => [name, specs]));
    expect(said.filter(([name, spec]) => specsOf.get(name)?.includes(spec) !== true)).toEqual([]);
  });
});

describe('a mutation that does not fit', () => {
  const mutation = (find: string): Mutation => ({
    name: 'some',
    guarantee: 'G1',
    guard: 'a guard',
    file: 'libs/a.ts',
    edits: edit(find, ''),
    specs: [],
  });

  it('is an error when its place is gone', () => {
    expect(() => mutate('other text', mutation('guard'))).toThrow('some: 0 places in libs/a.ts');
  });

  it('is an error when it is in two places', () => {
    expect(() => mutate('guard guard', mutation('guard'))).toThrow('some: 2 places in libs/a.ts');
  });
});
