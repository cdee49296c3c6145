import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { limits } from '#libs/contracts/limits.js';
import { projectRoot } from '#ops/system/paths.js';
import { projectFiles } from './project-files.js';
import { projectRules } from './project-rules.js';
import { describeProblem, fileRules, type Problem } from './rules.js';

/** The house rules over every file that is, or would be, part of the project. */
const files = projectFiles(projectRoot);
const textFiles = files.filter(({ name }) => name !== 'package-lock.json');

const shown = (problems: readonly Problem[]): string[] => problems.map(describeProblem);

describe('in this project', () => {
  it('there are files to look at', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it.each(Object.entries(fileRules))('%s', (_name, rule) => {
    expect(shown(textFiles.flatMap(rule))).toEqual([]);
  });

  it.each(Object.entries(projectRules))('%s', (_name, rule) => {
    expect(shown(rule(files))).toEqual([]);
  });
});

describe('a house rule finds', () => {
  const long = `${'x'.repeat(101)}\n`;
  const lines = (count: number): string => 'x;\n'.repeat(count);
  const cases: [rule: string, name: string, text: string, message: string][] = [
    [
      'one table has the decimals of currencies',
      'libs/a.ts',
      'x;\nreturn format.resolvedOptions().maximumFraction' + 'Digits ?? 2;\n',
      'libs/a.ts:2: digits of a currency from Intl, use libs/contracts/money/currencies.ts',
    ],
    [
      'one table has the decimals of currencies',
      'apps/web/a.tsx',
      'const all = Intl.supported' + "ValuesOf('currency');\n",
      'apps/web/a.tsx:1: digits of a currency from Intl, use libs/contracts/money/currencies.ts',
    ],
    ['lines fit 100 columns', 'libs/a.ts', long, 'libs/a.ts:1: 101 columns, use at most 100'],
    [
      'a file is one concept of bounded length',
      'libs/a.ts',
      lines(401),
      'libs/a.ts: 401 lines, use at most 400: split by concept',
    ],
    [
      'a file is one concept of bounded length',
      'libs/a.spec.ts',
      lines(501),
      'libs/a.spec.ts: 501 lines, use at most 500: split by concept',
    ],
    [
      'a file is one concept of bounded length',
      'apps/web/a.tsx',
      lines(401),
      'apps/web/a.tsx: 401 lines, use at most 400: split by concept',
    ],
    [
      'nothing is left for later',
      'docs/a.md',
      'x\n// TO' + 'DO: later\n',
      'docs/a.md:2: "TO' + 'DO", use an issue, or do it now',
    ],
    [
      'no check is silenced',
      'libs/a.ts',
      '// @ts-' + 'ignore\n',
      'libs/a.ts:1: @ts-' + 'ignore, use code that the check accepts',
    ],
    [
      'what goes to a terminal is cleaned',
      'trials/a.ts',
      'x;\nconsole.error(name);\n',
      'trials/a.ts:2: writes to a terminal, use ops/system/terminal.ts',
    ],
    [
      'what goes to a terminal is cleaned',
      'ops/a.mjs',
      'process.stdout.write(name);\n',
      'ops/a.mjs:1: writes to a terminal, use ops/system/terminal.ts',
    ],
    [
      'what goes to a terminal is cleaned',
      'ops/setup.mjs',
      'x;\n',
      'ops/setup.mjs: writes to no terminal, use no exception for it',
    ],
    [
      'no test is skipped',
      'libs/a.spec.ts',
      'it.' + "skip('x')\n",
      'libs/a.spec.ts:1: a test that is skipped or runs alone, use a plain it()',
    ],
    [
      'libraries and apps speak through the log',
      'apps/a.ts',
      'console.' + 'log(1)\n',
      'apps/a.ts:1: console output, use libs/platform/log.ts',
    ],
    [
      'libraries and apps speak through the log',
      'apps/web/a.tsx',
      'console.' + 'log(1)\n',
      'apps/web/a.tsx:1: console output, use libs/platform/log.ts',
    ],
    [
      'only the configuration reads the environment',
      'apps/a.ts',
      'const a = process.env.A;\n',
      'apps/a.ts:1: process.env, use a schema and libs/platform/config.ts',
    ],
    [
      'a module says what it is for',
      'libs/a.ts',
      `export class A {}\n${lines(81)}`,
      'libs/a.ts:1: no word about its job, use a /** comment before what it exports',
    ],
    [
      'a module says what it is for',
      'apps/web/a.tsx',
      `export function A() {}\n${lines(81)}`,
      'apps/web/a.tsx:1: no word about its job, use a /** comment before what it exports',
    ],
    [
      'no path belongs to one machine',
      'README.md',
      'cd /ho' + 'me/me/holdfast\n',
      'README.md:1: a path of one machine, use one relative to the project',
    ],
  ];

  it.each(cases)('%s: in %s', (rule, name, text, message) => {
    expect(shown(fileRules[rule]({ name, text }))).toEqual([message]);
  });

  it('a page with two titles, but not a comment in its code', () => {
    const page = { name: 'a.md', text: '# A\n\n```sh\n# not a title\n```\n\n# B\n' };
    expect(shown(projectRules['every page has one title']([page]))).toEqual([
      'a.md:7: 2 titles of level 1, use exactly one',
    ]);
  });

  it('a link to a file or a heading that is not there', () => {
    const pages = [
      { name: 'a.md', text: '# A\n[b](docs/b.md) [c](docs/c.md) [web](https://x.y) [d](docs/)\n' },
      { name: 'docs/b.md', text: '# The B, and C\n[x](#the-b-and-c) [y](../a.md#no)\n' },
    ];
    expect(shown(projectRules['links between pages lead somewhere'](pages))).toEqual([
      'a.md:2: the link docs/c.md leads nowhere, use the path of a file',
      'docs/b.md:2: a.md has no heading #no, use one that it has',
    ]);
  });

  it('a label that means two things, or nothing', () => {
    /** Written with a gap, so that the rule does not find its own spec. */
    const source = (name: string, text: string) => ({ name, text: text.replaceAll('~', '') });
    const sources = [
      source('docs/architecture.md', '- **G~1 One seat.** It is.\n\nSee Z~9, `Z~8`, V8.\n'),
      source('libs/a.ts', '/**\n * A~1  It holds.\n * AB~1  It holds (A~1, B~2).\n */\n'),
      source('libs/b.ts', '/**\n * A~1  Another.\n */\nconst a = { A7: 1 };\n'),
      source('libs/b.spec.ts', "it('holds (x, A~1)');\nit('and (C~3)');\nseat('C4');\n"),
    ];
    expect(shown(projectRules['a label means one invariant'](sources))).toEqual([
      'libs/b.ts:2: A1 is defined in libs/a.ts:2 too, use another label',
    ]);
    expect(shown(projectRules['a label that is cited is defined'](sources))).toEqual([
      'docs/architecture.md:3: Z9 is defined nowhere, use a label that is',
      'libs/a.ts:3: B2 is defined nowhere, use a label that is',
      'libs/b.spec.ts:2: C3 is defined nowhere, use a label that is',
    ]);
  });

  it('a file that only a spec imports, but not one that is started by name', () => {
    const sources = [
      { name: 'libs/a.ts', text: '' },
      { name: 'libs/a.spec.ts', text: "import './a.js';" },
      { name: 'libs/page.tsx', text: '' },
      { name: 'libs/worker.ts', text: '' },
      { name: 'apps/main.ts', text: "new URL('../libs/worker.js', import.meta.url)" },
      { name: 'tools/x.mjs', text: "built('apps/main.js')" },
    ];
    expect(shown(projectRules['every file is used'](sources))).toEqual([
      'libs/a.ts: nothing but specs uses this file, use it or remove it',
      'libs/page.tsx: nothing but specs uses this file, use it or remove it',
    ]);
  });

  it('a lock file without the package of another kind of machine', () => {
    const optionalDependencies = { 'swc-darwin': '1.0.0', 'swc-linux': '1.0.0' };
    const packages = {
      'node_modules/swc': { optionalDependencies },
      'node_modules/a/node_modules/swc-darwin': {},
      'node_modules/swc-linux': {},
    };
    const lock = { name: 'package-lock.json', text: JSON.stringify({ packages }) };
    expect(shown(projectRules['the lock file serves every kind of machine']([lock]))).toEqual([
      'package-lock.json: swc-darwin 1.0.0 is missing, use an entry with version, os and cpu',
    ]);
  });

  it('a migration with the number of another, or after one that is missing', () => {
    const named = (name: string) => ({ name: `libs/database/migrations/${name}.sql`, text: '' });
    const before = Array.from({ length: 13 }, (_, i) => `${String(i + 1).padStart(4, '0')}_x`);
    const files = [...before, '0015_y', '0015_z', '0017_y'].map(named);
    expect(shown(projectRules['each migration has the next number'](files))).toEqual([
      'libs/database/migrations/0015_z.sql: number 15 after 15, use 16',
      'libs/database/migrations/0017_y.sql: number 17 after 15, use 16',
    ]);
  });

  it('a package that is not pinned or not used', () => {
    const manifest = {
      dependencies: { pg: '^8.0.0', nats: 'npm:@nats-io/transport-node@3.4.0', jose: '6.0.0' },
      devDependencies: {},
    };
    const sources = [
      { name: 'package.json', text: JSON.stringify(manifest, null, 1) },
      { name: 'libs/a.ts', text: "import 'nats'; import 'pg';" },
    ];
    expect(shown(projectRules['every package is pinned and used'](sources))).toEqual([
      'package.json:3: pg is not pinned, use an exact version',
      'package.json:5: nothing uses jose, use it or remove it',
    ]);
  });
});

describe('docker-compose.yml', () => {
  interface Service {
    readonly image?: string;
    readonly command?: string[];
    readonly environment?: Record<string, string>;
    readonly depends_on?: Record<string, unknown>;
    readonly stop_grace_period?: string;
    readonly healthcheck?: { readonly test: readonly string[] };
  }
  const text = readFileSync(path.join(projectRoot, 'docker-compose.yml'), 'utf8');
  const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };

  it('has the topology of the design: three NATS servers, two shards, and the rest', () => {
    expect(Object.keys(services).sort()).toEqual([
      'gateway',
      'migrate',
      'nats-1',
      'nats-2',
      'nats-3',
      'payments',
      'postgres',
      'secrets',
      'shard-1',
      'shard-2',
      'stripe-simulator',
    ]);
    expect(services.postgres.command).toContain('synchronous_commit=on');
    expect(services.secrets.command?.join(' ')).toContain('nats-3:6222');
    for (const name of ['nats-1', 'nats-2', 'nats-3']) {
      expect(services[name].command).toEqual(['--config', '/secrets/nats-server.conf']);
    }
  });

  it('starts programs that exist, and waits for services that exist', () => {
    for (const [name, service] of Object.entries(services)) {
      const program = service.command?.find((part) => part.startsWith('dist/'));
      const source = program?.replace(/^dist\//, '').replace(/\.js$/, '.ts');
      if (service.command?.[0] === 'holdfastctl') continue;
      if (service.image === 'holdfast') expect([name, source]).not.toEqual([name, undefined]);
      if (source !== undefined) expect(existsSync(path.join(projectRoot, source))).toBe(true);
      for (const other of Object.keys(service.depends_on ?? {})) {
        expect(Object.keys(services)).toContain(other);
      }
    }
  });

  it('lets every role end by itself, and lets others read its numbers', () => {
    for (const name of ['gateway', 'shard-1', 'shard-2', 'payments']) {
      const { stop_grace_period: grace, environment } = services[name];
      expect(grace).toBe(`${limits.processKillMs / 1_000}s`);
      expect(environment?.HOLDFAST_METRICS_HOST).toBe('0.0.0.0');
    }
  });

  it('asks every role whether it is ready, where it says so, and lets none write', () => {
    for (const name of ['gateway', 'shard-1', 'shard-2', 'payments']) {
      const { healthcheck, environment, ...service } = services[name];
      const port = environment?.[name === 'gateway' ? 'PORT' : 'HOLDFAST_METRICS_PORT'];
      expect(healthcheck?.test.at(-1)).toContain(`http://127.0.0.1:${port}/readyz`);
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    }
  });

  it('gives every role the same database and all three NATS servers', () => {
    for (const name of ['gateway', 'shard-1', 'shard-2', 'payments']) {
      const { environment } = services[name];
      expect(environment?.DATABASE_URL).toBe(services.migrate.environment?.DATABASE_URL);
      expect(environment?.NATS_URL.split(',')).toHaveLength(3);
    }
  });
});
