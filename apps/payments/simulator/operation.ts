import type { MinimumCharges } from '#libs/contracts/money/stripe-charging.js';

import type { Answer } from './errors.js';
import type { FormObject } from './form.js';
import type { Change, Store } from './store.js';

/** What an operation may use: nothing else, so that its result depends on nothing else. */
export interface OperationContext {
  readonly store: Store;
  readonly nowSeconds: number;
  readonly nowMs: number;
  /** Least charges by currency. */
  readonly minimums: MinimumCharges;
  /** An ordered fault: the bank takes this long over what is confirmed now. null: it does not. */
  readonly bankTakesMs: number | null;
  nextId(prefix: string): string;
}

export interface Handled {
  readonly answer: Answer;
  readonly change: Change;
  /** Refused before it was executed: its idempotency key is still unused. */
  readonly unexecuted?: true;
}

/** One API operation: synchronous, changes nothing itself. `id` is the one in the path, or ''. */
export type Operation = (context: OperationContext, params: FormObject, id: string) => Handled;

export const unexecuted = (answer: Answer): Handled => ({ answer, change: {}, unexecuted: true });

export const unchanged = (answer: Answer): Handled => ({ answer, change: {} });
