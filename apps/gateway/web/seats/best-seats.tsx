import { useState } from 'preact/hooks';
import type { Order } from '../holds/hold-store.js';
import { money } from '../kit/format.js';
import { texts } from '../texts/texts.js';
import type { SaleModel } from './sale-model.js';

/** For who would rather be seated: the engine chooses, in a price category or in any. */
export function BestSeats({ model, disabled, onTake }: Props) {
  const [category, setCategory] = useState('');
  if (model.plan.seatCount === 0) return null;
  const used = new Set(model.plan.category);
  return (
    <section class="best">
      <label class="field">
        <span class="unseen">{texts.bestOf}</span>
        <select value={category} onChange={(event) => setCategory(event.currentTarget.value)}>
          <option value="">{texts.anyPrice}</option>
          {model.plan.document.categories.map(({ name }, index) => {
            const price = model.prices[index];
            if (price === null || !used.has(index)) return null;
            return (
              <option key={name} value={name}>
                {name} · {money(price, model.currency)}
              </option>
            );
          })}
        </select>
      </label>
      <button
        type="button"
        disabled={disabled}
        onClick={() => onTake(model.bestOrder(category === '' ? null : category))}
      >
        {texts.bestSeats}
      </button>
    </section>
  );
}

interface Props {
  readonly model: SaleModel;
  readonly disabled: boolean;
  readonly onTake: (order: Order) => void;
}
