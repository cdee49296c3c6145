import { useEffect, useRef, useState } from 'preact/hooks';
import { Failed, Waiting } from '../kit/page-parts.js';
import { language, texts } from '../texts/texts.js';
import { cardElementOptions, cardFormOptions, type CardFormAmount } from './card-form.js';
import { loadStripe, type Stripe, type StripeElements } from './stripe-script.js';

/** What the buyer has typed in, at Stripe: this page never sees the card. */
export interface StripeForm {
  /** The payment method, or what is wrong, in words of Stripe's. */
  method(): Promise<{ readonly token: string } | { readonly problem: string }>;
  /** The next try is another payment, with another method. */
  spent(): void;
}

/** Stripe's own form. `onForm` hears of it when it can be asked, and of null when it cannot. */
export function StripeCard(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading');
  const [turn, setTurn] = useState(0);
  const { publishableKey, amount, currency, onForm } = props;
  useEffect(() => {
    let gone = false;
    let leave = () => {};
    const failed = () => {
      if (gone) return;
      setState('failed');
      onForm(null);
    };
    setState('loading');
    loadStripe(publishableKey)
      .then((stripe) => {
        if (gone || box.current === null) return;
        const made = mount(stripe, box.current, { amount, currency }, failed, (form) => {
          setState('ready');
          onForm(form);
        });
        leave = made;
      })
      .catch(failed);
    return () => {
      gone = true;
      leave();
      onForm(null);
    };
  }, [publishableKey, amount, currency, turn]);
  return (
    <fieldset class="cards-choice">
      <legend>{texts.payWith}</legend>
      {state === 'loading' && <Waiting />}
      {state === 'failed' && <Failed again={() => setTurn(turn + 1)} isPart />}
      <div ref={box} class="stripe-form" hidden={state === 'failed'} />
    </fieldset>
  );
}

interface Props extends CardFormAmount {
  readonly publishableKey: string;
  readonly onForm: (form: StripeForm | null) => void;
}

/** Returns what takes it away again. */
function mount(
  stripe: Stripe,
  into: HTMLElement,
  paid: CardFormAmount,
  failed: () => void,
  ready: (form: StripeForm) => void,
): () => void {
  const elements = stripe.elements({
    ...cardFormOptions(paid),
    locale: language,
    appearance: { theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'night' : 'stripe' },
  });
  const element = elements.create('payment', cardElementOptions);
  const form = formOf(stripe, elements);
  element.on('ready', () => ready(form));
  element.on('loaderror', failed);
  element.on('change', () => form.spent());
  element.mount(into);
  return () => element.destroy();
}

function formOf(stripe: Stripe, elements: StripeElements): StripeForm {
  let known: string | null = null;
  return {
    async method() {
      if (known !== null) return { token: known };
      const { error } = await elements.submit();
      if (error !== undefined) return { problem: error.message ?? texts.refused };
      const made = await stripe.createPaymentMethod({ elements });
      if (made.paymentMethod === undefined) {
        return { problem: made.error?.message ?? texts.refused };
      }
      known = made.paymentMethod.id;
      return { token: known };
    },
    spent() {
      known = null;
    },
  };
}
