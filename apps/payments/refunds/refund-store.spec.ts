import { factLevelNewest } from '#libs/inventory/codec/fact-kinds.js';

import { MemoryAttempts, MemoryAttemptStore } from '../store/memory-attempt-store.js';
import { MemoryRefunds, MemoryRefundTable } from './memory-refund-table.js';
import { refundStoreFeatures } from './refund-store.features.js';

let nowMs = 1_800_000_000_000;
/** No statement is as fast as no time at all. */
const attempts = new MemoryAttempts(
  () => (nowMs += 1),
  () => null,
);
const refunds = new MemoryRefunds(attempts, factLevelNewest, () => null);

refundStoreFeatures({
  attempts: () => new MemoryAttemptStore(attempts, 'worker', 60_000),
  open: (_worker, leaseMs) => new MemoryRefundTable(refunds, leaseMs),
  held: (attemptId) => {
    const mine = attempts.ledger.filter(
      (row) => row.attemptId === attemptId && row.account === 'provider_receivable',
    );
    const sum = mine.reduce((total, { amountMinor }) => total + amountMinor, 0);
    return Promise.resolve({ count: mine.length, sum });
  },
});
