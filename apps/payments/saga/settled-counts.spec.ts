import { expect, it } from '@jest/globals';

import type { AreaQuantity } from '#libs/inventory/commands.js';
import type { SeatIndex } from '#libs/inventory/ids.js';
import { Metrics } from '#libs/platform/metrics.js';

import { SettledCounts } from './settled-counts.js';

it('counts how payments ended, and tickets and money of those that were captured', async () => {
  const metrics = new Metrics({ processMetrics: false });
  const counts = new SettledCounts(metrics);
  const seats = [1, 2] as SeatIndex[];
  const areas = [{ area: 0, quantity: 3 }] as unknown as AreaQuantity[];
  const paid = { seats, areas, amountMinor: 500 };
  counts.settled({ ...paid, state: 'CAPTURED', currency: 'EUR' });
  counts.settled({ ...paid, state: 'CAPTURED', currency: 'EUR' });
  counts.settled({ ...paid, state: 'CAPTURED', currency: 'JPY' });
  counts.settled({ ...paid, state: 'DECLINED', currency: 'EUR' });
  const text = await metrics.text();
  for (const line of [
    'holdfast_payments_settled_total{state="CAPTURED"} 3',
    'holdfast_payments_settled_total{state="DECLINED"} 1',
    'holdfast_payments_tickets_total 15',
    'holdfast_payments_captured_minor_total{currency="EUR"} 1000',
    'holdfast_payments_captured_minor_total{currency="JPY"} 500',
  ]) {
    expect(text).toContain(line);
  }
});
