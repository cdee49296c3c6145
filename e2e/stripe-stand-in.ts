import type { Page } from 'playwright-core';

/**
 * In place of Stripe's script, whose host no test asks: the part of it that the checkout uses, over
 * one field. What is typed in is the end of one of Stripe's test cards; with 9999 it breaks.
 */
const script = `
window.Stripe = (key) => {
  const methods = { 4242: 'pm_card_visa', 3184: 'pm_card_authenticationRequired',
    '0002': 'pm_card_chargeDeclined', 9999: null };
  const field = document.createElement('input');
  const handlers = {};
  return {
    elements: (options) => {
      window.asked = { key, ...options };
      return {
        create: (kind, shown) => ({
          mount: (into) => {
            window.shown = { kind, ...shown };
            field.setAttribute('aria-label', 'Card number');
            field.oninput = () => handlers.change();
            into.append(field);
            setTimeout(() => handlers.ready());
          },
          on: (what, then) => { handlers[what] = then; },
          destroy: () => field.remove(),
        }),
        submit: async () =>
          field.value in methods ? {} : { error: { message: 'Your card number is incomplete.' } },
      };
    },
    createPaymentMethod: async () => {
      if (methods[field.value] === null) throw new Error('the frame is gone');
      window.made = (window.made ?? 0) + 1;
      return { paymentMethod: { id: methods[field.value] } };
    },
  };
};`;

/** `hosts` has every other host that a page of this browser asks from now on. */
export async function standInForStripe(page: Page, own: string): Promise<{ hosts: Set<string> }> {
  const hosts = new Set<string>();
  await page
    .context()
    .route('https://js.stripe.com/**', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: script }),
    );
  page.on('request', (request) => {
    const { origin, host } = new URL(request.url());
    if (origin !== own) hosts.add(host);
  });
  return { hosts };
}
