import { hasWishes, noWishes, type Wishes } from '#libs/seat-map/wishes.js';
import type { Order } from '../holds/hold-store.js';
import { money } from '../kit/format.js';
import { texts } from '../texts/texts.js';
import type { SaleModel } from './sale-model.js';

/** What kind of seats it should be, on the map and in the list; and the engine's choice of them. */
export function BestSeats({ model, disabled, onWish, onTake }: Props) {
  if (model.plan.seatCount === 0) return null;
  const { wishes } = model;
  const wish = (change: Partial<Wishes>) => onWish({ ...wishes, ...change });
  return (
    <section class="best">
      <CategoryWish model={model} onWish={wish} />
      <MoreWishes model={model} onWish={wish} />
      {hasWishes(wishes) && (
        <button type="button" class="plain" onClick={() => onWish(noWishes)}>
          {texts.forgetWishes}
        </button>
      )}
      <button type="button" disabled={disabled} onClick={() => onTake(model.bestOrder())}>
        {texts.bestSeats}
      </button>
    </section>
  );
}

interface Props {
  readonly model: SaleModel;
  readonly disabled: boolean;
  readonly onWish: (wishes: Wishes) => void;
  readonly onTake: (order: Order) => void;
}

function CategoryWish({ model, onWish }: WishProps) {
  const { categories } = model.plan.document;
  return (
    <label class="field">
      <span class="unseen">{texts.bestOf}</span>
      <select
        value={model.wishes.category ?? ''}
        onChange={({ currentTarget: { value } }) => onWish({ category: numberOf(value) })}
      >
        <option value="">{texts.anyPrice}</option>
        {model.soldCategories.map((index) => (
          <option key={index} value={index}>
            {categories[index].name} · {money(model.prices[index] ?? 0, model.currency)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What few ask for, and only where it makes a difference. */
function MoreWishes({ model, onWish }: WishProps) {
  const { wishes, currency, wishesIn: flags } = model;
  const prices = new Set(model.soldCategories.map((index) => model.prices[index] ?? 0));
  const steps = [...prices].sort((a, b) => a - b);
  if (steps.length < 2 && flags.length === 0) return null;
  return (
    <details class="wishes">
      <summary>{texts.wishes}</summary>
      {steps.length > 1 && (
        <label class="field">
          <span>{texts.priceUpTo}</span>
          <select
            value={wishes.priceMax ?? ''}
            onChange={({ currentTarget: { value } }) => onWish({ priceMax: numberOf(value) })}
          >
            <option value="">{texts.noMatter}</option>
            {steps.map((price) => (
              <option key={price} value={price}>
                {money(price, currency)}
              </option>
            ))}
          </select>
        </label>
      )}
      {flags.map((flag) => (
        <label key={flag} class="tick">
          <input
            type="checkbox"
            checked={wishes.flags.includes(flag)}
            onChange={({ currentTarget: { checked } }) => {
              const others = wishes.flags.filter((one) => one !== flag);
              onWish({ flags: checked ? [...others, flag] : others });
            }}
          />
          {texts.wish[flag]}
        </label>
      ))}
    </details>
  );
}

interface WishProps {
  readonly model: SaleModel;
  readonly onWish: (change: Partial<Wishes>) => void;
}

const numberOf = (value: string): number | null => (value === '' ? null : Number(value));
