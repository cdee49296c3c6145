import { compilePlan } from '#libs/catalogue/compile-plan.js';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec } from '#libs/testing/decider-spec.js';
import { plainRules } from '#libs/testing/plain-layout.js';

/**
 * The seats that best available sells first, in the order of their sale: `pairs` parties of two,
 * each after the other, in an empty house. Categories of `closed` are not for sale.
 */
export function firstSold(
  { layout }: ReturnType<typeof compilePlan>,
  pairs: number,
  closed: readonly string[] = [],
): number[] {
  const rules = plainRules({ prices: layout.categories.map(() => 1 as never) });
  const sale = new DeciderSpec(layout, { ...rules, placesPerBuyerMax: pairs * 2 });
  sale.given(send.fact({ type: 'SaleOpened', atMs: 1 }));
  const blocked = Array.from(layout.categoryOfSeat.keys()).filter((seat) =>
    closed.includes(layout.categories[layout.categoryOfSeat[seat]]),
  );
  if (blocked.length > 0) sale.run(send.blockSeats(blocked));
  const sold: number[] = [];
  for (let i = 0; i < pairs; i += 1) {
    const decision = sale.run(send.holdBest(`hold${i}`, { quantity: 2 }));
    if (decision.kind !== 'accepted' || decision.outcome.type !== 'hold') break;
    sold.push(...decision.outcome.seats);
  }
  return sold;
}
