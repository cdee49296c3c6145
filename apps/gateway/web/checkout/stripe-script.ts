/**
 * Stripe's script, from Stripe: it may be served by nobody else, so that the card is typed into a
 * frame of theirs. What is used of it, as docs.stripe.com/js has it.
 */
export interface Stripe {
  elements(options: Readonly<Record<string, unknown>>): StripeElements;
  createPaymentMethod(from: { readonly elements: StripeElements }): Promise<{
    readonly paymentMethod?: { readonly id: string };
    readonly error?: StripeProblem;
  }>;
}

export interface StripeElements {
  create(kind: 'payment', options: Readonly<Record<string, unknown>>): StripeElement;
  submit(): Promise<{ readonly error?: StripeProblem }>;
}

interface StripeElement {
  mount(into: HTMLElement): void;
  on(what: 'ready' | 'change' | 'loaderror', then: () => void): void;
  destroy(): void;
}

interface StripeProblem {
  readonly message?: string;
}

type StripeOf = (publishableKey: string) => Stripe;

const address = 'https://js.stripe.com/v3/';

let loading: Promise<StripeOf> | null = null;

/** Throws when it does not come; asked again, it tries again. */
export async function loadStripe(publishableKey: string): Promise<Stripe> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return (await loading)(publishableKey);
}

function load(): Promise<StripeOf> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => {
      const { Stripe: made } = window as { readonly Stripe?: StripeOf };
      if (made === undefined) reject(new Error('no Stripe in its script'));
      else resolve(made);
    };
    script.onerror = () => {
      script.remove();
      reject(new Error("Stripe's script did not come"));
    };
    document.head.append(script);
  });
}
