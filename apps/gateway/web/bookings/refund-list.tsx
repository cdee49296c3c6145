import { money } from '../kit/format.js';
import { clock, type Booking } from '../shop.js';
import { texts } from '../texts/texts.js';

/** How far money is on its way back. */
export function RefundList({ booking }: { readonly booking: Booking }) {
  const { refunds = [] } = booking;
  if (refunds.length === 0) return null;
  return (
    <>
      <h3>{texts.refunds}</h3>
      <ul class="refunds">
        {refunds.map(({ refund_id: id, status, amount, kept, currency }) => (
          <li key={id}>
            <b>{money(amount, currency)}</b> {texts.refundStatuses[status]}
            {kept > 0 && <span class="quiet-text"> {texts.keptOf(money(kept, currency))}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Most are over in seconds; what a bank takes days for is not asked for all the time. */
const soonMs = 30_000;

export const isRefundedSoon = ({ refunds = [] }: Booking): boolean =>
  refunds.some(
    ({ status, created_at: at }) =>
      status === 'UNDER_WAY' && clock.nowMs() - Date.parse(at) < soonMs,
  );
