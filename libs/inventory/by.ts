/**
 * Who caused a fact. A buyer is the one the fact's hold belongs to; an operator is named as far as
 * he said who he is; the system is Holdfast itself: its clock, or its payments.
 */
export type By =
  | { readonly role: 'buyer' }
  | { readonly role: 'operator'; readonly name: string }
  | { readonly role: 'system' };

export const byBuyer: By = { role: 'buyer' };
export const bySystem: By = { role: 'system' };
/** He did not say who he is, or it was not written down. */
export const byUnnamedOperator: By = { role: 'operator', name: '' };

/** In UTF-8. */
export const operatorNameBytesMax = 100;
