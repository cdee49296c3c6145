import { categoryColour, cssOf } from '#libs/seat-map/palette.js';
import { look } from '#libs/seat-map/seat-looks.js';
import { hasWishes } from '#libs/seat-map/wishes.js';
import { money } from '../kit/format.js';
import { texts, words } from '../texts/texts.js';
import { mapTheme } from './map-theme.js';
import type { SaleModel } from './sale-model.js';

const states = ['free', 'held', 'booked', 'blocked', 'mine'] as const;

/** What the colours cost and what the shapes mean. */
export function Legend({ model }: { readonly model: SaleModel }) {
  const { palette } = mapTheme();
  return (
    <section class="legend" aria-label={texts.legend}>
      <ul class="legend-prices">
        {model.soldCategories.map((index) => (
          <li key={index}>
            <i class="swatch" style={{ background: cssOf(categoryColour(palette, index)) }} />
            <span>{model.plan.document.categories[index].name}</span>
            <b>{money(model.prices[index] ?? 0, model.currency)}</b>
          </li>
        ))}
      </ul>
      <ul class="legend-states">
        {[...states, ...(hasWishes(model.wishes) ? (['aside'] as const) : [])].map((state) => (
          <li key={state}>
            <Mark state={state} />
            {words.look[state]}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Mark({ state }: { readonly state: keyof typeof look }) {
  return (
    <svg class={`mark mark-${state}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {state === 'free' && <rect x="1" y="1" width="14" height="14" rx="4" />}
      {state === 'held' && <rect class="open" x="2" y="2" width="12" height="12" rx="4" />}
      {state === 'booked' && <path class="open" d="M4 4l8 8M12 4l-8 8" />}
      {state === 'blocked' && <circle cx="8" cy="8" r="2.4" />}
      {state === 'aside' && <rect x="2" y="6.5" width="12" height="3" />}
      {state === 'mine' && (
        <>
          <circle class="ring" cx="8" cy="8" r="7" />
          <rect x="4" y="4" width="8" height="8" rx="2.4" />
        </>
      )}
    </svg>
  );
}
