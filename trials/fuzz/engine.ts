import { inspect } from 'node:util';
import { Dice } from './dice.js';
import { minimised } from './minimise.js';
import { mutate, randomBytes } from './mutate.js';
import { PromiseBroken, type FuzzTarget, type OpenTarget } from './target.js';

/**
 * Feeds one target: some inputs as they should be, most of them damaged, some pure noise.
 *
 * FZ1  The same target, seed and count give the same inputs.
 * FZ2  Whatever a target throws is a finding; so are a promise that nobody awaits, an input that
 *      takes longer than inputMsMax, and one that costs more than inputHeapBytesMax of memory.
 * FZ3  The first finding ends the run and is made as small as it goes, with the same message.
 */
export interface FuzzBounds {
  readonly seed: number;
  readonly inputsMax: number;
  /** For what is new: inputs that are known are run in any case. */
  readonly msMax: number;
}

export interface FuzzReport {
  readonly target: string;
  readonly seed: number;
  readonly inputs: number;
  readonly accepted: number;
  readonly refused: number;
  readonly ms: number;
  /** Of the slowest input. */
  readonly inputMs: number;
  readonly finding: Finding | null;
}

export interface Finding {
  readonly input: Uint8Array;
  readonly message: string;
}

const inputMsMax = 5_000;
/** A frame may cost its own objects, but never what a length inside it claims. */
const inputHeapBytesMax = 128 * 1024 * 1024;

export async function fuzz(
  target: FuzzTarget,
  known: readonly Uint8Array[],
  bounds: FuzzBounds,
): Promise<FuzzReport> {
  const open = await target.open();
  const watch = new Watch(open);
  try {
    return await feed(target, open, watch, known, bounds);
  } finally {
    watch.stop();
    await open.close();
  }
}

async function feed(
  target: FuzzTarget,
  open: OpenTarget,
  watch: Watch,
  known: readonly Uint8Array[],
  bounds: FuzzBounds,
): Promise<FuzzReport> {
  const startedMs = performance.now();
  const dice = new Dice(bounds.seed);
  const count = { accepted: 0, refused: 0 };
  let inputs = 0;
  let other: Uint8Array = new Uint8Array();
  let finding: Finding | null = null;
  let endMs = Infinity;
  while (finding === null && inputs < bounds.inputsMax + known.length) {
    if (inputs === known.length) endMs = performance.now() + bounds.msMax;
    if (performance.now() > endMs) break;
    const valid = open.valid(dice);
    const input = known[inputs] ?? nextInput(valid, other, dice);
    other = valid;
    inputs += 1;
    const message = await watch.messageOf(input, count);
    if (message !== null) finding = { input, message };
  }
  const ms = performance.now() - startedMs;
  const { name } = target;
  const report = {
    target: name,
    seed: bounds.seed,
    inputs,
    ...count,
    ms,
    inputMs: watch.slowestMs,
  };
  if (finding === null) return { ...report, finding };
  const { message } = finding;
  const fails = async (input: Uint8Array) => (await watch.messageOf(input, null)) === message;
  return { ...report, finding: { message, input: await minimised(finding.input, fails) } };
}

function nextInput(valid: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  const kind = dice.below(20);
  if (kind === 0) return randomBytes(dice, 200);
  return kind < 4 ? valid : mutate(valid, other, dice);
}

/** Runs one input under all watches. */
class Watch {
  slowestMs = 0;
  private escaped: unknown = null;
  private readonly onEscape = (reason: unknown): void => void (this.escaped = reason);

  constructor(private readonly open: OpenTarget) {
    process.on('unhandledRejection', this.onEscape);
    process.on('uncaughtException', this.onEscape);
  }

  stop(): void {
    process.off('unhandledRejection', this.onEscape);
    process.off('uncaughtException', this.onEscape);
  }

  /** What is wrong with how the input was treated, null when nothing is. */
  async messageOf(
    input: Uint8Array,
    count: { accepted: number; refused: number } | null,
  ): Promise<string | null> {
    const bytesBefore = memoryBytes();
    const startedMs = performance.now();
    this.escaped = null;
    try {
      const outcome = this.open.run(input);
      const settled = typeof outcome === 'string' ? outcome : await inTime(outcome);
      if (count !== null) count[settled] += 1;
    } catch (error) {
      return error instanceof PromiseBroken ? error.message : String(error);
    }
    const ms = performance.now() - startedMs;
    this.slowestMs = Math.max(this.slowestMs, ms);
    if (this.escaped !== null) return `escaped: ${inspect(this.escaped)}`;
    if (ms > inputMsMax) return 'it took too long';
    return memoryBytes() - bytesBefore > inputHeapBytesMax ? 'it took too much memory' : null;
  }
}

function memoryBytes(): number {
  const { heapTotal, external } = process.memoryUsage();
  return heapTotal + external;
}

function inTime<Value>(value: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PromiseBroken('it took too long')), inputMsMax);
  });
  return Promise.race([value, late]).finally(() => clearTimeout(timer));
}
