/**
 * A sale as the people see it, second by second, against what one of each part can take: which part
 * is full first, and how many of it a sale wants. Flows, not requests: the order of things within
 * a second is left to the benches that measure it.
 *
 * SY1  What everybody does is charged to the part that does it, at the cost that is given.
 * SY2  What is wanted is counted in full, also beyond what there is: nothing slows down by itself.
 */
export interface UnitCosts {
  /** Of one core, in microseconds. */
  readonly gatewayHoldUs: number;
  readonly shardHoldUs: number;
  readonly busHoldUs: number;
  readonly databaseHoldUs: number;
  readonly pageUs: number;
  readonly unchangedUs: number;
  readonly frameUs: number;
  /** A place in the waiting room: a request, and its share of a batched statement. */
  readonly joinUs: number;
  readonly databaseJoinUs: number;
}

export interface Sale {
  readonly buyers: number;
  /** Half of those who come have come after so long; they come ever more slowly. */
  readonly halfComeSeconds: number;
  /** Let in by the room each second; a buyer tries `holdsEach` times and stays so long. */
  readonly admittedPerSecond: number;
  readonly holdsEach: number;
  readonly pagesEach: number;
  readonly staySeconds: number;
  /** Frames a second to each map: changes are merged. */
  readonly framesPerSecond: number;
  /** Somebody who waits looks at his place so often. */
  readonly lookEverySeconds: number;
  /** Share of pages and looks that caches in front answer. */
  readonly cached: number;
  readonly seconds: number;
}

export interface Fleet {
  readonly gateways: number;
  /** Of the hot event: an event has one owner. */
  readonly shards: number;
  readonly buses: number;
  readonly databaseCores: number;
  readonly socketsPerGateway: number;
}

export type Part = 'gateways' | 'shards' | 'buses' | 'database' | 'sockets';

export interface PartUse {
  readonly part: Part;
  /** The most that was wanted in a second, as a share of what there is. */
  readonly peak: number;
  /** So many of it would have been enough at 70 %. */
  readonly enough: number;
  /** The first second in which it was over 70 %; null: never. */
  readonly fullAtSecond: number | null;
}

export interface Outcome {
  readonly parts: readonly PartUse[];
  readonly readsPerSecondMax: number;
  readonly holdsPerSecondMax: number;
  readonly waitingMax: number;
}

const roomLeft = 0.7;
const usPerSecond = 1_000_000;

export function simulate(sale: Sale, fleet: Fleet, costs: UnitCosts): Outcome {
  const uses = partsOf(fleet).map(([part, there]) => new Use(part, there));
  let [come, waiting, readsMax, holdsMax, waitingMax] = [0, 0, 0, 0, 0];
  const inside: number[] = [];
  for (let second = 0; second < sale.seconds; second++) {
    const left = 2 ** (-(second + 1) / sale.halfComeSeconds);
    const arrivals = sale.buyers * (1 - left) - come;
    come += arrivals;
    waiting += arrivals;
    const admitted = Math.min(waiting, sale.admittedPerSecond);
    waiting -= admitted;
    inside.push(admitted);
    const present = inside.slice(-sale.staySeconds).reduce((sum, count) => sum + count, 0);
    const reads = arrivals + admitted * sale.pagesEach + waiting / sale.lookEverySeconds;
    const holds = admitted * sale.holdsEach;
    const load = loadOf({ arrivals, reads, holds, present }, sale, costs);
    for (const use of uses) use.add(second, load[use.part]);
    readsMax = Math.max(readsMax, reads);
    holdsMax = Math.max(holdsMax, holds);
    waitingMax = Math.max(waitingMax, waiting);
  }
  return {
    parts: uses.map((use) => use.seen),
    readsPerSecondMax: readsMax,
    holdsPerSecondMax: holdsMax,
    waitingMax,
  };
}

const partsOf = (fleet: Fleet): [Part, number][] => [
  ['gateways', fleet.gateways],
  ['shards', fleet.shards],
  ['buses', fleet.buses],
  ['database', fleet.databaseCores],
  ['sockets', fleet.gateways * fleet.socketsPerGateway],
];

interface Second {
  readonly arrivals: number;
  readonly reads: number;
  readonly holds: number;
  readonly present: number;
}

/** In cores, and in sockets. */
function loadOf(
  { arrivals, reads, holds, present }: Second,
  { cached, framesPerSecond }: Sale,
  costs: UnitCosts,
): Readonly<Record<Part, number>> {
  const own = reads * (1 - cached);
  const gatewayUs =
    holds * costs.gatewayHoldUs +
    // Most of those who look again have it already.
    (own / 2) * (costs.pageUs + costs.unchangedUs) +
    arrivals * costs.joinUs +
    present * framesPerSecond * costs.frameUs;
  return {
    gateways: gatewayUs / usPerSecond,
    shards: (holds * costs.shardHoldUs) / usPerSecond,
    buses: (holds * costs.busHoldUs) / usPerSecond,
    database: (holds * costs.databaseHoldUs + arrivals * costs.databaseJoinUs) / usPerSecond,
    sockets: present,
  };
}

class Use {
  private most = 0;
  private fullAt: number | null = null;

  constructor(
    readonly part: Part,
    private readonly there: number,
  ) {}

  add(second: number, wanted: number): void {
    this.most = Math.max(this.most, wanted);
    if (this.fullAt === null && wanted > this.there * roomLeft) this.fullAt = second;
  }

  get seen(): PartUse {
    return {
      part: this.part,
      peak: this.most / this.there,
      enough: Math.ceil(this.most / roomLeft),
      fullAtSecond: this.fullAt,
    };
  }
}
