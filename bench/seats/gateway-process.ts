import type * as HarnessModule from '#apps/gateway/testing/harness.js';
import type * as GrowOldModule from '#libs/platform/grow-old.js';
import { TurnMeter, type Turns } from '../turns/turn-meter.js';
import { moduleOf } from '../turns/sold-event.js';
import { addOtherEvents } from './other-events.js';

/**
 * A gateway of one build in a process of its own, with an owner in memory behind it: what is
 * measured is the gateway's loop, and nothing waits for a disk.
 */
export interface GatewaySays {
  /** With the first message. */
  readonly url: string;
  readonly turns: Turns;
  /** Of the process, its thread pool included; since it began. */
  readonly cpuMs: number;
  /** The most memory that was resident since it last said so. */
  readonly peakBytes: number;
}

/** `change`: this seat is held by somebody from now on. */
export interface GatewayOrder {
  readonly change: number | null;
}

const [root, seats, others] = process.argv.slice(2);
const { startHarness } = await moduleOf<typeof HarnessModule>(
  root,
  'apps/gateway/testing/harness.js',
);
// As a gateway does before it is ready; builds before did not.
const grown = await moduleOf<typeof GrowOldModule>(root, 'libs/platform/grow-old.js').catch(
  () => null,
);
// Every client has an address, and with it limits, of its own.
const config = { HOLDFAST_LOOPBACK_UNLIMITED: false };
const harness = await startHarness({ seatCount: Number(seats), config });
if (Number(others) > 0) await addOtherEvents(root, harness, Number(others));
const breathe = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
await grown?.growOld({ touch: false, breathe });
const meter = new TurnMeter();
const residentEveryMs = 20;
let peakBytes = 0;
setInterval(() => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
}, residentEveryMs).unref();

function say(): void {
  const { user, system } = process.cpuUsage();
  const cpuMs = (user + system) / 1_000;
  const said: GatewaySays = { url: harness.url, turns: meter.take(), cpuMs, peakBytes };
  peakBytes = process.memoryUsage.rss();
  process.send?.(said);
}

process.on('message', ({ change }: GatewayOrder) => {
  if (change !== null) harness.inventory.setSeats([change], 1);
  say();
});
process.on('disconnect', () => process.exit(0));
say();
