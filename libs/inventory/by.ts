/**
 * Who caused a fact. A buyer is the one the fact's hold belongs to; an operator is named as far as
 * he said who he is; the system is Holdfast itself: its clock, or its payments.
 */
export type By =
  | { readonly role: 'buyer' }
  | { readonly role: 'operator'; readonly name: string }
  | { readonly role: 'system' };
