import { parseArgs } from 'node:util';
import { singleName } from './holdfast-single.js';
import { peers } from './peers.js';
import { workloads } from './workloads.js';

/** The flags of `npm run bench -- peers`. */
export interface PeerOptions {
  /** Names of peers; Holdfast and the bare server always take part. */
  readonly only: readonly string[];
  readonly workloads: readonly string[];
  readonly connections: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  readonly sweep: boolean;
  /** Half of Holdfast's rate in an open loop, after the closed rounds. */
  readonly open: boolean;
  readonly out: string | null;
  readonly html: string | null;
}

export type ParsedPeerOptions =
  | { readonly kind: 'options'; readonly options: PeerOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

const everyPeer = [
  singleName,
  ...peers.filter(({ claimsSafety }) => claimsSafety).map(({ name }) => name),
];

const peerNames = [singleName, ...peers.map(({ name }) => name)];
/** `reads` has no seats: searches and pages, against the bare server alone. */
const workloadNames = [...workloads.map(({ name }) => name), 'reads'];

export const peerHelpText = `npm run bench -- peers [options]

  --only A,B         these peers (all but the broken one)
  --workloads A,B    ${workloadNames.join(', ')} (spread)
  --connections A,B  of the closed loop (64,256)
  --rounds N         of all competitors in turn (3)
  --seconds N        of each measured window (2)
  --sweep            tries each peer's settings first, and takes the best
  --open             also sends half of Holdfast's own rate to each, in an open loop
  --out FILE         writes the JSON
  --html FILE        writes a page with everything in it
  --help             this text

Peers: ${everyPeer.join(', ')}; and sells-twice, which the oracle must find out.
What cannot run says so. Exit code 1: a system that claims to be safe was not.`;

export function parsePeerOptions(args: readonly string[]): ParsedPeerOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', default: everyPeer.join(',') },
        workloads: { type: 'string', default: 'spread' },
        connections: { type: 'string', default: '64,256' },
        rounds: { type: 'string', default: '3' },
        seconds: { type: 'string', default: '2' },
        sweep: { type: 'boolean', default: false },
        open: { type: 'boolean', default: false },
        out: { type: 'string' },
        html: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
      strict: true,
    });
    if (values.help) return { kind: 'help' };
    const { sweep, open, out = null, html = null } = values;
    const options = {
      ...{ sweep, open, out, html },
      only: known('--only', values.only, peerNames),
      workloads: known('--workloads', values.workloads, workloadNames),
      connections: listOf(values.connections).map((text) => positive('--connections', text)),
      rounds: positive('--rounds', values.rounds),
      seconds: positive('--seconds', values.seconds),
    };
    return { kind: 'options', options };
  } catch (error) {
    return { kind: 'wrong', message: (error as Error).message.split('\n')[0] };
  }
}

const listOf = (text: string): string[] => text.split(',').filter((part) => part !== '');

function known(flag: string, text: string, all: readonly string[]): string[] {
  const names = listOf(text);
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`${flag}: there is no ${unknown}`);
  return names;
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${flag} wants a number above 0, not ${text}`);
  return value;
}
