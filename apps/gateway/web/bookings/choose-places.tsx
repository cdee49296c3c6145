import { Stepper } from '../seats/stepper.js';
import type { Booking } from '../shop.js';
import { texts } from '../texts/texts.js';
import { withArea, withSeat, type Places } from './places-left.js';

interface Props {
  readonly booking: Booking;
  readonly left: Places;
  readonly chosen: Places;
  readonly onChange: (chosen: Places) => void;
}

/** Which places of a booking are given back; all of them, as long as nobody says otherwise. */
export function ChoosePlaces({ booking, left, chosen, onChange }: Props) {
  const labelOf = (id: string) => booking.seat_labels[booking.seat_ids.indexOf(id)] ?? id;
  const quantityOf = (name: string) =>
    chosen.areas.find(({ area }) => area === name)?.quantity ?? 0;
  return (
    <fieldset class="give-back">
      <legend>{texts.cancelWhich}</legend>
      {left.seatIds.map((id) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={chosen.seatIds.includes(id)}
            onChange={({ currentTarget }) => onChange(withSeat(chosen, id, currentTarget.checked))}
          />
          {labelOf(id)}
        </label>
      ))}
      {left.areas.map(({ area, quantity }) => (
        <Stepper
          key={area}
          label={area}
          value={quantityOf(area)}
          least={0}
          most={quantity}
          shown={String(quantityOf(area))}
          words={{ fewer: texts.fewer, more: texts.oneMore }}
          onChange={(value) => onChange(withArea(chosen, area, value))}
        />
      ))}
    </fieldset>
  );
}
