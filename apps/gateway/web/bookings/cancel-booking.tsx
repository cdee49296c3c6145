import { useEffect, useState } from 'preact/hooks';
import { cancelBooking, quoteCancellation, type Cancellation } from '../checkout/pay.js';
import { money, when } from '../kit/format.js';
import { Notice, useNotice } from '../kit/notices.js';
import type { Booking } from '../shop.js';
import { texts } from '../texts/texts.js';
import { ChoosePlaces } from './choose-places.js';
import { countOf, placesLeft, type Places } from './places-left.js';

interface Props {
  readonly booking: Booking;
  readonly cancellation: Cancellation;
  /** Of the venue. */
  readonly timeZone: string | null;
  /** It is otherwise by now. */
  readonly changed: () => void;
}

/** Gives a booking back, or some of its places: the sums first, nothing at one click alone. */
export function CancelBooking({ booking, cancellation, timeZone, changed }: Props) {
  const [step, setStep] = useState<'offered' | 'asked' | 'sent'>('offered');
  const [notice, say] = useNotice();
  const left = placesLeft(booking);
  const [chosen, choose] = useState<Places>(left);
  const isAll = countOf(chosen) === countOf(left);
  const told = useQuote(booking, chosen, isAll ? cancellation : null);
  const quote = typeof told === 'string' ? null : told;
  const cancel = async (sums: Cancellation) => {
    setStep('sent');
    const refusal = await cancelBooking(booking, sums, isAll ? null : chosen);
    if (refusal !== null) say(texts.refusals[refusal] ?? texts.refused);
    setStep('offered');
    changed();
  };
  const change = (places: Places) => {
    setStep('offered');
    say('');
    choose(places);
  };
  return (
    <section class="cancel">
      <h3>{texts.cancelTitle}</h3>
      <p class="quiet-text">{texts.cancelUntil(when(cancellation.until, timeZone, 'long'))}</p>
      {countOf(left) > 1 && (
        <ChoosePlaces
          {...{ booking, left, chosen }}
          onChange={step === 'sent' ? nothing : change}
        />
      )}
      {booking.total > 0 && <Sums quote={quote} currency={booking.currency} />}
      <Notice text={typeof told === 'string' ? (texts.refusals[told] ?? texts.refused) : notice} />
      {step === 'offered' ? (
        <button
          type="button"
          class="quiet"
          disabled={quote === null}
          onClick={() => setStep('asked')}
        >
          {isAll ? texts.cancelBooking : texts.cancelPlaces(countOf(chosen))}
        </button>
      ) : (
        <div class="bar-actions">
          <button
            type="button"
            disabled={step === 'sent' || quote === null}
            onClick={() => quote !== null && void cancel(quote)}
          >
            {quote === null || quote.amount === 0
              ? texts.cancelForGood
              : texts.cancelForGoodAnd(money(quote.amount, booking.currency))}
          </button>
          <button
            type="button"
            class="quiet"
            disabled={step === 'sent'}
            onClick={() => setStep('offered')}
          >
            {texts.keepBooking}
          </button>
        </div>
      )}
    </section>
  );
}

const nothing = (): void => undefined;

/** Dashes while nobody knows. */
function Sums({ quote, currency }: SumsProps) {
  const sum = (minor: number | undefined) => (minor === undefined ? '–' : money(minor, currency));
  return (
    <dl class="ticket-facts" aria-live="polite">
      <dt>{texts.goesBack}</dt>
      <dd>{sum(quote?.amount)}</dd>
      <dt>{texts.isKept}</dt>
      <dd>{sum(quote?.kept)}</dd>
    </dl>
  );
}

interface SumsProps {
  readonly quote: Cancellation | null;
  readonly currency: string;
}

/** Of these places and no others; null: nobody has said yet, or none is chosen. */
function useQuote(
  booking: Booking,
  chosen: Places,
  whole: Cancellation | null,
): Cancellation | string | null {
  const [told, setTold] = useState<Told | null>(null);
  const isAsked = whole === null && countOf(chosen) > 0;
  useEffect(() => {
    if (!isAsked) return undefined;
    let isOver = false;
    void quoteCancellation(booking, chosen).then((answer) => {
      if (!isOver) setTold({ of: chosen, answer });
    });
    return () => {
      isOver = true;
    };
  }, [booking.booking_id, chosen, isAsked]);
  if (!isAsked) return whole;
  return told?.of === chosen ? told.answer : null;
}

interface Told {
  readonly of: Places;
  readonly answer: Cancellation | string;
}
