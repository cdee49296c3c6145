import type { PaymentProvider, RefundProvider } from '#apps/payments/provider/provider.js';
import type { MemoryStore } from '#libs/journal/memory-store.js';
import type { VirtualClock } from '#libs/testing/virtual-clock.js';
import type { SimGateway } from '../site/sim-gateway.js';
import type { SimShard } from '../site/sim-shard.js';

/**
 * A guard of the system removed on purpose, to see that the simulator notices. Mutations reach the
 * code through its ports, or replace a method for the time of one run; the code knows nothing.
 */
export interface Mutation {
  readonly name: string;
  /** Other tables. */
  readonly store?: (clock: VirtualClock) => MemoryStore;
  /** Called for each start of a shard, before its code runs. */
  readonly shard?: (shard: SimShard) => void;
  readonly gateway?: (gateway: SimGateway) => void;
  /** Another way to the payment provider. */
  readonly provider?: (provider: PaymentProvider) => PaymentProvider;
  readonly refunds?: (provider: RefundProvider) => RefundProvider;
  /** Called before a run; what it returns puts everything back. */
  readonly install?: () => () => void;
}
