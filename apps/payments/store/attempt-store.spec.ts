import type { LedgerSum } from '../testing/ledger-sums.js';
import { attemptStoreFeatures } from './attempt-store.features.js';
import { MemoryAttempts, MemoryAttemptStore } from './memory-attempt-store.js';

let nowMs = 1_800_000_000_000;
/** No statement is as fast as no time at all. */
const table = new MemoryAttempts(
  () => (nowMs += 1),
  () => null,
);
const stepMs = 20;
const triesMax = 100;

attemptStoreFeatures({
  open: (worker, leaseMs) => new MemoryAttemptStore(table, worker, leaseMs),
  entries: (attemptId) => {
    const sums = new Map<string, { sum: number; count: number }>();
    for (const row of table.ledger.filter((one) => one.attemptId === attemptId)) {
      const { sum, count } = sums.get(row.kind) ?? { sum: 0, count: 0 };
      sums.set(row.kind, { sum: sum + row.amountMinor, count: count + 1 });
    }
    const rows: LedgerSum[] = [...sums].map(([kind, { sum, count }]) => {
      return { kind, sum: String(sum), count };
    });
    return Promise.resolve(rows.sort((a, b) => (a.kind < b.kind ? -1 : 1)));
  },
  eventually: async (ask, wanted) => {
    let answer = await ask();
    for (let tries = 0; tries < triesMax && !wanted(answer); tries += 1) {
      nowMs += stepMs;
      answer = await ask();
    }
    return answer;
  },
});
