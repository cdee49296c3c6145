import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '#ops/system/paths.js';
import { layers } from './fences.mjs';

type Case = readonly [what: string, file: string, line: string, ...messages: string[]];

interface Report {
  readonly diagnostics: readonly { readonly message: string; readonly filename: string }[];
}

const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-fences-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the linter says of files that have just these lines, by the project's own configuration. */
function lint(files: ReadonlyMap<string, string>): ReadonlyMap<string, string[]> {
  cpSync(path.join(projectRoot, '.oxlintrc.json'), path.join(folder, '.oxlintrc.json'));
  cpSync(path.join(projectRoot, 'tools/fences'), path.join(folder, 'tools/fences'), {
    recursive: true,
    filter: (source) => !source.endsWith('.ts'),
  });
  for (const [file, line] of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), `${line}\n`);
  }
  const linter = path.join(projectRoot, 'node_modules/oxlint/bin/oxlint');
  const run = spawnSync(process.execPath, [linter, '--format', 'json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const { diagnostics } = JSON.parse(run.stdout) as Report;
  const said = new Map([...files.keys()].map((file): [string, string[]] => [file, []]));
  for (const { filename, message } of diagnostics) said.get(filename)?.push(message);
  return said;
}

/** A file of its own for each case, since one run of the linter tells of all. */
const fileOf = (file: string, n: number): string => file.replace('/a.', `/a${n}.`);

const value = (specifier: string): string => `import { a } from '${specifier}'; a();`;
const types = (specifier: string): string =>
  `import type { A } from '${specifier}'; export type B = A;`;

const wrong: Case[] = [
  [
    'the core at a package',
    'libs/inventory/state/a.ts',
    value('node:fs'),
    'the core imports nothing, so not node:fs',
  ],
  [
    'the core at another library, types too',
    'libs/inventory/rules/a.ts',
    types('#libs/platform/clock.js'),
    'libs/inventory may import only: nothing',
  ],
  [
    'a library above its layer',
    'libs/bus/a.ts',
    value('#libs/journal/journal.js'),
    'libs/bus may import only: libs/contracts, libs/platform, libs/inventory',
  ],
  [
    'a library that has no layer',
    'libs/new/a.ts',
    value('#libs/platform/log.js'),
    'libs/new has no layer yet, give it one in fences.mjs',
  ],
  [
    'the client at what a browser cannot load',
    'libs/client/a.ts',
    value('#libs/contracts/errors.js'),
    'libs/client imports types of libs/contracts only',
  ],
  [
    'the client at a package',
    'libs/client/a.ts',
    value('ws'),
    'the client runs in browsers, without ws',
  ],
  [
    'the seat map at a package',
    'libs/seat-map/a.ts',
    value('node:fs'),
    'the map runs in browsers, without node:fs',
  ],
  [
    'the seat map at another library, types too',
    'libs/seat-map/a.ts',
    types('#libs/client/live-map.js'),
    'libs/seat-map may import only: nothing',
  ],
  [
    'routing at hosting',
    'libs/routing/a.ts',
    value('#libs/hosting/slot.js'),
    'libs/routing never imports libs/hosting',
  ],
  [
    'a spec of routing at hosting',
    'libs/routing/a.spec.ts',
    value('#libs/hosting/slot.js'),
    'libs/routing never imports libs/hosting',
  ],
  [
    'a library at an app',
    'libs/actor/a.ts',
    value('#apps/gateway/gateway.js'),
    'a library never imports apps/',
  ],
  [
    'the support of specs at an app',
    'libs/testing/a.ts',
    types('#apps/gateway/gateway.js'),
    'a library never imports apps/',
  ],
  [
    'a spec of a library at ops',
    'libs/bus/a.spec.ts',
    value('../../ops/setup.mjs'),
    'a library never imports ops/',
  ],
  [
    'an app at trials',
    'apps/gateway/a.ts',
    value('#trials/demo/api.js'),
    'nothing shipped imports trials/',
  ],
  ['ops at bench', 'ops/start/a.ts', value('#bench/rounds.js'), 'nothing shipped imports bench/'],
  [
    'ops at tools',
    'ops/start/a.ts',
    value('../../tools/build/build.mjs'),
    'nothing shipped imports tools/',
  ],
  [
    'ops at libs/testing',
    'ops/start/a.ts',
    types('#libs/testing/until.js'),
    'nothing shipped imports libs/testing/',
  ],
  [
    'an app at its own support of specs',
    'apps/gateway/a.ts',
    value('./testing/harness.js'),
    'nothing shipped imports the support of specs',
  ],
  [
    'a library at the features of another',
    'libs/bus/a.ts',
    value('./bus.features.js'),
    'nothing shipped imports the support of specs',
  ],
  [
    'an app at another app',
    'apps/gateway/a.ts',
    types('#apps/payments/payments.js'),
    'apps speak over the bus, not by imports',
  ],
  [
    'an app at ops',
    'apps/gateway/a.ts',
    value('#ops/system/paths.js'),
    'an app never imports ops/',
  ],
  [
    'a relative path into another library',
    'libs/bus/a.ts',
    value('../contracts/limits.js'),
    'a relative path stays inside libs/bus, use #libs/contracts/limits.js',
  ],
  [
    'a page like any other file',
    'apps/gateway/a.tsx',
    value('#ops/system/paths.js'),
    'an app never imports ops/',
  ],
  ...[
    "export { a } from '#libs/hosting/slot.js';",
    "export * from '#libs/hosting/slot.js';",
    "export const a = import('#libs/hosting/slot.js');",
    "export type A = import('#libs/hosting/slot.js').A;",
    "import '#libs/hosting/slot.js';",
  ].map((line): Case => [
    `every form of an import: ${line}`,
    'libs/routing/a.ts',
    line,
    'libs/routing never imports libs/hosting',
  ]),
  [
    'the core at waiting, and at chance',
    'libs/inventory/rules/a.ts',
    'export const a = async () => Math.random();',
    'the core is synchronous',
    'the core has no randomness',
  ],
  [
    'a library for browsers at a clock of its own, and at chance',
    'libs/seat-map/a.ts',
    'export const a = [new Date(), Date.now(), Math.random()];',
    'the clock is a port; Date.parse reads a time',
    'the clock is a port',
    'chance is a port',
  ],
  [
    'a library at the environment',
    'libs/bus/a.ts',
    'export const a = process.env;',
    "'process.env' is restricted from being used.",
  ],
];

const right: Case[] = [
  ['a neighbour', 'libs/inventory/rules/a.ts', value('../state/state.js')],
  ['a lower layer', 'libs/hosting/a.ts', value('#libs/routing/membership.js')],
  ['a package outside of the core', 'libs/bus/a.ts', value('msgpackr')],
  ['a package in a spec of the core', 'libs/inventory/a.spec.ts', value('fast-check')],
  ['types for the client', 'libs/client/a.ts', types('#libs/contracts/errors.js')],
  ['an app to libraries', 'apps/gateway/a.ts', value('#libs/routing/inventory-client.js')],
  ['ops to apps', 'ops/start/a.ts', value('#apps/gateway/gateway.js')],
  ['the first start to the build', 'ops/setup.mjs', value('../tools/build/build.mjs')],
  ['a spec to support', 'apps/gateway/a.spec.ts', value('./testing/harness.js')],
  ['features to libs/testing', 'libs/journal/a.features.ts', value('#libs/testing/until.js')],
  ['a spec of an app to another app', 'apps/gateway/a.spec.ts', value('#apps/payments/main.js')],
  ['trials to everything', 'trials/chaos/a.ts', value('#apps/payments/testing/audit.js')],
  ['waiting in a spec of the core', 'libs/inventory/a.spec.ts', 'export const a = async () => 1;'],
  [
    'the environment in the configuration',
    'libs/platform/config.ts',
    'export const a = process.env;',
  ],
];

describe('the linter', () => {
  const cases = [...wrong, ...right].map(([what, file, line, ...messages], n) => ({
    what,
    file: fileOf(file, n),
    line,
    messages,
  }));
  const said = lint(new Map(cases.map(({ file, line }) => [file, line])));
  const refused = cases.slice(0, wrong.length);
  const passed = cases.slice(wrong.length);

  it.each(refused)('stops $what', ({ file, messages }) => {
    expect(said.get(file)).toEqual(messages);
  });

  it.each(passed)('lets $what pass', ({ file }) => {
    expect(said.get(file)).toEqual([]);
  });
});

describe('the layers', () => {
  it('have no circle: a library may import only what stands above it in the table', () => {
    const names = Object.keys(layers);
    const upward = Object.entries(layers).flatMap(([name, { may, onlyTypes = [] }]) =>
      [...may, ...onlyTypes]
        .filter((other) => names.indexOf(other) < 0 || names.indexOf(other) > names.indexOf(name))
        .map((other) => `${name} -> ${other}`),
    );
    expect(upward).toEqual([]);
  });
});
