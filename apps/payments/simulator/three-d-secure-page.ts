import { bankPageStyle } from '#libs/contracts/bank-page-style.js';
import { currencyDigits, isCurrency } from '#libs/contracts/money/currencies.js';

import type { IntentObject } from './objects.js';

/**
 * The page on which a bank would ask its customer: two buttons. The gateway shows it under the
 * same path, so that phones reach it as well.
 */
export const challengePrefix = '/v1/stripe/3d-secure/';

export const challengePath = ({ id, client_secret: secret }: IntentObject): string =>
  `${challengePrefix}${id}?client_secret=${secret}`;

export function challengePage(intent: IntentObject): string {
  const amount = amountText(intent.amount, intent.currency.toUpperCase());
  if (intent.status !== 'requires_action') {
    return page('<p>Nothing is asked any more. You may close this page.</p>');
  }
  const button = (outcome: string, text: string): string =>
    `<button name="outcome" value="${outcome}">${text}</button>`;
  return page(`<p>Your bank asks: pay ${amount}?</p>
<form method="post">
<input type="hidden" name="client_secret" value="${intent.client_secret}">
${button('complete', 'Complete')} ${button('fail', 'Fail')}
</form>`);
}

/** "GBP 104.00", as a bank's page has it. */
function amountText(minor: number, currency: string): string {
  const digits = isCurrency(currency) ? currencyDigits(currency) : 2;
  return `${currency} ${(minor / 10 ** digits).toFixed(digits)}`;
}

export const answeredPage = (): string =>
  page('<p>Your bank has your answer. You may close this page.</p>');

/** Amounts, ids and fixed words only: nothing of a buyer's is in it. */
const page = (body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>3-D Secure (simulated)</title>
<style>${bankPageStyle}</style>
<main>
<h1>3-D Secure</h1>
<p>A simulated bank: no money moves.</p>
${body}
</main>
</html>
`;
