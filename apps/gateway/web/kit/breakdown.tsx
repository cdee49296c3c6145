import type { Booking } from '../shop.js';
import { texts } from '../texts/texts.js';
import { money } from './format.js';

interface Props {
  readonly of: Pick<Booking, 'breakdown' | 'currency'>;
}

/** What a total contains, beside it; nothing where there is nothing to tell. */
export function Breakdown({ of: { breakdown, currency } }: Props) {
  if (breakdown === undefined) return null;
  const { face_value: face, booking_fee: fee, tax } = breakdown;
  const lines: readonly (readonly [string, number])[] = [
    [texts.faceValue, face],
    [texts.bookingFee, fee],
    [texts.taxWithin, tax],
  ];
  return (
    <ul class="breakdown quiet-text">
      {lines
        .filter(([, minor]) => minor > 0)
        .map(([name, minor]) => (
          <li key={name}>
            <span>{name}</span> <span>{money(minor, currency)}</span>
          </li>
        ))}
    </ul>
  );
}
