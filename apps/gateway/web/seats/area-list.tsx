import { useState } from 'preact/hooks';
import { count, money } from '../kit/format.js';
import type { EventDoc } from '../shop.js';
import { texts } from '../texts/texts.js';
import type { SaleModel } from './sale-model.js';
import { Stepper } from './stepper.js';

/** General admission: so many places, no seat. */
export function AreaList({ event, model, disabled, onTake }: Props) {
  const areas = event.areas.filter(({ price }) => price !== null);
  if (areas.length === 0) return null;
  return (
    <section class="areas" aria-label={texts.standing}>
      <h2>{texts.standing}</h2>
      {areas.map((area) => {
        const now = model.areas.find((one) => one.area === area.name);
        return (
          <Area
            key={area.name}
            name={area.name}
            price={money(area.price ?? 0, event.currency)}
            free={now?.free ?? null}
            most={model.partyMax}
            disabled={disabled}
            onTake={onTake}
          />
        );
      })}
    </section>
  );
}

interface Props {
  readonly event: EventDoc;
  readonly model: SaleModel;
  readonly disabled: boolean;
  readonly onTake: (area: string, quantity: number) => void;
}

function Area({ name, price, free, most, disabled, onTake }: AreaProps) {
  const [wanted, setWanted] = useState(2);
  const places = Math.max(1, Math.min(wanted, most, free ?? most));
  return (
    <div class="area">
      <p class="area-head">
        <span>{name}</span>
        <b>{price}</b>
      </p>
      <p class="quiet-text">
        {free === 0 ? texts.soldOut : free === null ? '' : texts.areaLeft(count(free))}
      </p>
      {free !== 0 && (
        <div class="area-take">
          <Stepper
            label={name}
            value={places}
            least={1}
            most={Math.min(most, free ?? most)}
            shown={String(places)}
            words={{ fewer: texts.fewer, more: texts.oneMore }}
            onChange={setWanted}
          />
          <button type="button" disabled={disabled} onClick={() => onTake(name, places)}>
            {texts.addPlaces(places)}
          </button>
        </div>
      )}
    </div>
  );
}

interface AreaProps {
  readonly name: string;
  readonly price: string;
  /** null: not known now. */
  readonly free: number | null;
  readonly most: number;
  readonly disabled: boolean;
  readonly onTake: (area: string, quantity: number) => void;
}
