import { parseArgs } from 'node:util';
import { installNode, nodeLines, type InstalledNode } from './install-node.js';
import { tryNode, type NodeTrial, type TryOptions } from './try-node.js';

const suite = 'apps/gateway/edge';
const shortSuite = 'apps/gateway/edge/node-app';

const helpText = `npm run test:nodes -- [options] [LINE ...]

  LINE       20.19, 22, 24, 26: the newest Node of that line; all without any
  --newest   the last of them only
  --short    start, sale and stop, without the demo; of the edges' specs the one that
             knows how Node's own server is built
  --help     this text

Nodes come from the npm registry, once, and stay under .holdfast-nodes.
Exit code 0: everything went well, 1: not, 3: no Node was to be had.`;

const flags = {
  newest: { type: 'boolean', default: false },
  short: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** npm run test:nodes. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: flags,
    allowPositionals: true,
  });
  if (values.help) {
    console.log(helpText);
    return 0;
  }
  const asked = positionals.length > 0 ? positionals : [...nodeLines];
  const trials: NodeTrial[] = [];
  const missing: string[] = [];
  for (const line of values.newest ? [nodeLines[nodeLines.length - 1]] : asked) {
    const node = await installNode(line);
    if (node === null) missing.push(line);
    else trials.push(...(await tryEdges(node, values.short)));
  }
  table(trials).forEach((row) => console.log(row));
  missing.forEach((line) => console.log(`not run: Node ${line} could not be had from npm`));
  if (trials.length === 0) return 3;
  const digests = [...new Set(trials.map(({ sold }) => sold))];
  if (digests.length === 1 && digests[0] !== null)
    console.log(`the same import and bookings everywhere: ${digests[0]}`);
  else {
    console.log('one import, its prices and its bookings are not the same on all:');
    for (const { version, edge, sold } of trials) console.log(`  ${version} ${edge}: ${sold}`);
    return 1;
  }
  return trials.some(({ steps }) => steps.some(({ problem }) => problem !== null)) ? 1 : 0;
}

/** First as it comes; the other edge too where that was not node:http already. */
async function tryEdges(node: InstalledNode, short: boolean): Promise<NodeTrial[]> {
  const first = await shown({ node, short, suite: short ? shortSuite : suite });
  if (first.edge.startsWith('node:http')) return [first];
  return [first, await shown({ node, short, suite: null, edge: 'node' })];
}

async function shown(options: TryOptions): Promise<NodeTrial> {
  const trial = await tryNode(options);
  for (const { name, seconds, problem } of trial.steps) {
    const verdict = problem === null ? 'ok' : 'FAILED';
    const step = `Node ${trial.version}  ${name.padEnd(6)} ${verdict}`;
    console.error(`${step} (${seconds.toFixed(1)} s)`);
    if (problem !== null) console.error(problem);
  }
  return trial;
}

function table(trials: readonly NodeTrial[]): string[] {
  return trials.map(({ version, edge, steps }) => {
    const verdicts = steps.map(({ name, seconds, problem }) =>
      problem === null ? `${name} ${seconds.toFixed(1)} s` : `${name} FAILED`,
    );
    return `Node ${version.padEnd(9)} ${verdicts.join('  ')}  ${edge}`;
  });
}
