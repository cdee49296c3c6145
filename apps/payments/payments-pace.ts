/** Of what is injected: how long the provider takes of late, as PaymentsPorts has it. */
export const PAYMENTS_PACE = Symbol('payments pace');
