import { useCallback, useRef, useState } from 'preact/hooks';
import { askAgain, forget } from '../holds/hold-store.js';
import { money } from '../kit/format.js';
import { lazyPage } from '../kit/lazy-page.js';
import { Notice, useNotice } from '../kit/notices.js';
import { navigate, paths } from '../kit/router.js';
import { texts } from '../texts/texts.js';
import { bankPageOf, waitingFor } from './at-the-bank.js';
import { CardChoice } from './card-choice.js';
import type { Card } from './cards.js';
import type { OrderProps } from './order-props.js';
import { pay, type Paid } from './pay.js';
import type { StripeForm } from './stripe-card.js';
import { useFollowPayment } from './use-follow-payment.js';

const StripeCard = lazyPage(async () => (await import('./stripe-card.js')).StripeCard);

/** Asks for the card, tries to pay with it, and says what became of that. */
export function PaymentForm({ reservation, event, declined, stripe }: OrderProps) {
  const [card, setCard] = useState<Card>('pm_card_visa');
  const [paying, setPaying] = useState(false);
  const [notice, say] = useNotice(declined ? texts.declined : '');
  const id = reservation.reservation_id;
  const isFree = reservation.total === 0;
  const form = useRef<StripeForm | null>(null);
  const [isReady, setReady] = useState(false);
  const takeForm = useCallback((next: StripeForm | null) => {
    form.current = next;
    setReady(next !== null);
  }, []);
  const submit = async (submitted: Event) => {
    submitted.preventDefault();
    if (paying) return;
    setPaying(true);
    say('');
    try {
      await tryWith(await meansOf());
    } catch {
      // The key of the try is kept: with the same card it is the same payment.
      say(texts.noAnswer);
    } finally {
      setPaying(false);
    }
  };
  const meansOf = async (): Promise<Means> => {
    if (isFree) return { token: null };
    if (stripe === null) return { token: card };
    return (await form.current?.method()) ?? { problem: texts.failed };
  };
  const tryWith = async (means: Means) => {
    if ('problem' in means) return say(means.problem);
    const paid = await pay(id, means.token);
    // Asked again after no answer, it must be the same payment.
    if (paid.kind !== 'no_answer') form.current?.spent();
    settle(paid, id, say);
  };
  const mayPay = isFree || stripe === null || isReady;
  useFollowPayment(reservation);
  const amount = money(reservation.total, event.currency);
  return (
    <form class="payment" onSubmit={(submitted) => void submit(submitted)}>
      {!isFree && stripe === null && <CardChoice card={card} onChoose={setCard} />}
      {!isFree && stripe !== null && (
        <StripeCard
          publishableKey={stripe}
          amount={reservation.total}
          currency={reservation.currency}
          onForm={takeForm}
        />
      )}
      <Notice text={notice} />
      <button
        type="submit"
        class="button button-large"
        disabled={paying || !mayPay}
        aria-busy={paying}
      >
        {paying ? texts.payingNow : isFree ? texts.takeFree : texts.pay(amount)}
      </button>
      <a class="quiet-link" href={paths.seats(event.event_id)}>
        {texts.backToMap}
      </a>
    </form>
  );
}

/** null: it costs nothing. */
type Means = { readonly token: string | null } | { readonly problem: string };

/** What comes after a try: another page, or a sentence. */
function settle(paid: Paid, id: string, say: (text: string) => void): void {
  switch (paid.kind) {
    case 'booked':
      forget(id);
      return navigate(paths.booking(paid.booking.booking_id), 'replace');
    case 'running': {
      const bank = bankPageOf(paid.booking);
      if (bank !== null) return location.assign(bank);
      return navigate(waitingFor(paid.booking.booking_id), 'replace');
    }
    case 'booked_before':
      forget(id);
      return navigate(paths.booking(paid.bookingId), 'replace');
    case 'moved_on':
      return void askAgain(id);
    case 'declined':
      return say(texts.declined);
    case 'too_many':
      return say(texts.tooMany);
    case 'no_answer':
      // Another payment of it may be under way, such as one of another tab.
      void askAgain(id);
      return say(texts.noAnswer);
    case 'refused':
      return say(texts.refusals[paid.code] ?? texts.refused);
  }
}
