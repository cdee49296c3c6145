import type { Checks } from '../loadfaults/checks.js';
import { addsUp, type Books } from './books.js';

/** Each order, and each currency to the last unit. Returns what is wrong. */
export function checkBooks(checks: Checks, books: Books): string[] {
  const { unsettled, authorised, unpaid, unseated, unequal } = books;
  checks.some('orders', books.orders);
  checks.never('orders without an end', unsettled.length);
  checks.never('authorisations open at the provider', authorised.length);
  checks.never('seats booked without money', unpaid.length);
  checks.never('payments without a seat', unseated.length);
  checks.never('orders whose money is not what is booked', unequal.length);
  for (const sum of books.sums) {
    const { currency, captured, refunded, disputed, live, kept } = sum;
    const over = captured - refunded - disputed - live - kept;
    checks.never(`${currency} by which it does not add up`, Math.abs(over));
  }
  const apart = books.sums.filter((sum) => !addsUp(sum)).map(({ currency }) => currency);
  return [...unsettled, ...authorised, ...unpaid, ...unseated, ...unequal, ...apart];
}
