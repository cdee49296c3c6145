import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { startOwn, type FoundSystem } from '#ops/system/own-system.js';
import { projectRoot } from '#ops/system/paths.js';
import type { InstalledNode } from './install-node.js';
import { sellTheSame } from './same-sale.js';
import { sellByHand } from './sale-by-hand.js';

export type EdgeName = 'uws' | 'node';

/** One Node with one edge: what was tried, in order. */
export interface NodeTrial {
  readonly version: string;
  /** As the system says it. */
  readonly edge: string;
  readonly steps: readonly TrialStep[];
  /** Of one import, its prices and its bookings; null: it did not come to that. */
  readonly sold: string | null;
}

export interface TrialStep {
  readonly name: string;
  readonly seconds: number;
  /** null: it went well. */
  readonly problem: string | null;
}

export interface TryOptions {
  readonly node: InstalledNode;
  /** undefined: the one that Holdfast takes by itself. */
  readonly edge?: EdgeName;
  /** Leaves out the demo. */
  readonly short: boolean;
  /** Specs of the edges, which run over every edge that loads; null: none. */
  readonly suite: string | null;
}

const run = promisify(execFile);
const outputBytesMax = 64 * 1024 * 1024;

/** Start, sale, demo, stop, each by this Node; what follows a failed step is not tried. */
export async function tryNode(options: TryOptions): Promise<NodeTrial> {
  const trial = new Trial(options);
  await trial.all();
  const { edge, steps, sold } = trial;
  return { version: options.node.version, edge, steps, sold };
}

class Trial {
  readonly steps: TrialStep[] = [];
  edge = 'not started';
  sold: string | null = null;
  private readonly said: string[] = [];
  private found: FoundSystem | null = null;

  constructor(private readonly options: TryOptions) {}

  async all(): Promise<void> {
    const { short, suite } = this.options;
    const started = await this.step('start', () => this.start());
    if (started && (await this.step('sale', () => this.sale()))) {
      await this.step('same', () => this.same());
      if (!short) await this.step('demo', () => this.demo());
    }
    if (started) await this.step('stop', () => this.stop());
    if (suite !== null) await this.step('suite', () => this.specs(suite));
  }

  private async step(name: string, work: () => Promise<void>): Promise<boolean> {
    const startedMs = performance.now();
    let problem: string | null = null;
    try {
      await work();
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    this.steps.push({ name, seconds: (performance.now() - startedMs) / 1_000, problem });
    return problem === null;
  }

  private async start(): Promise<void> {
    const { node, edge } = this.options;
    this.found = await startOwn({
      node: node.binary,
      env: edge === undefined ? {} : { HOLDFAST_EDGE: edge },
      onLine: (line) => this.said.push(line),
    });
    const line = this.said.find((one) => one.startsWith('edge '));
    this.edge = line?.slice(4).trim() ?? 'not said';
  }

  private sale(): Promise<void> {
    return sellByHand(this.system.gatewayUrls[0]);
  }

  private async same(): Promise<void> {
    this.sold = await sellTheSame(this.system, this.options.node.binary);
  }

  private async demo(): Promise<void> {
    const crowd = ['--buyers', '80', '--seats', '60', '--watchers', '20', '--seconds', '15'];
    const data = this.system.data ?? '';
    await this.runs(['trials/demo.mjs', ...crowd, '--data', data]);
  }

  private async stop(): Promise<void> {
    const warnings = warningsIn(path.join(this.system.data ?? '', 'logs'));
    await this.found?.release();
    if (this.said.at(-1) !== 'stopped') throw new Error(`it ended with: ${this.said.at(-1)}`);
    warnings.push(...this.said.filter((line) => isWarning(line)));
    if (warnings.length > 0) throw new Error(`it warns: ${warnings.join('; ')}`);
  }

  private specs(suite: string): Promise<void> {
    const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    return this.runs([...jest, 'node_modules/jest/bin/jest.js', '--maxWorkers=1', suite]);
  }

  private async runs(args: readonly string[]): Promise<void> {
    const options = { cwd: projectRoot, maxBuffer: outputBytesMax };
    await run(this.options.node.binary, args, options).catch((error: Ended) => {
      throw new Error(`${error.stdout ?? ''}\n${error.stderr ?? ''}`.trim() || error.message);
    });
  }

  private get system(): FoundSystem['system'] {
    if (this.found === null) throw new Error('it does not run');
    return this.found.system;
  }
}

interface Ended extends Error {
  readonly stdout?: string;
  readonly stderr?: string;
}

/** What Node itself says about a program, e.g. that something in it will go away. */
const isWarning = (line: string): boolean => /^\(node:\d+\)|Warning:/.test(line);

function warningsIn(folder: string): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.log'));
  return files.flatMap((name) =>
    readFileSync(path.join(folder, name), 'utf8')
      .split('\n')
      .filter(isWarning)
      .map((line) => `${name}: ${line}`),
  );
}
