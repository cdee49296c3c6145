import { useState } from 'preact/hooks';
import { cancelBooking } from '../checkout/pay.js';
import { money, when } from '../kit/format.js';
import { Notice, useNotice } from '../kit/notices.js';
import type { Booking } from '../shop.js';
import { texts } from '../texts/texts.js';

type Cancellation = NonNullable<Booking['cancellation']>;

interface Props {
  readonly booking: Booking;
  readonly cancellation: Cancellation;
  /** Of the venue. */
  readonly timeZone: string | null;
  /** It is otherwise by now. */
  readonly changed: () => void;
}

/** Gives the whole booking back: the sums first, and nothing at one click alone. */
export function CancelBooking({ booking, cancellation, timeZone, changed }: Props) {
  const [step, setStep] = useState<'offered' | 'asked' | 'sent'>('offered');
  const [notice, say] = useNotice();
  const { amount, kept, until } = cancellation;
  const sum = (minor: number) => money(minor, booking.currency);
  const cancel = async () => {
    setStep('sent');
    const refusal = await cancelBooking(booking, cancellation);
    if (refusal !== null) say(texts.refusals[refusal] ?? texts.refused);
    setStep('offered');
    changed();
  };
  return (
    <section class="cancel">
      <h3>{texts.cancelTitle}</h3>
      <p class="quiet-text">{texts.cancelUntil(when(until, timeZone, 'long'))}</p>
      {booking.total > 0 && (
        <dl class="ticket-facts">
          <dt>{texts.goesBack}</dt>
          <dd>{sum(amount)}</dd>
          <dt>{texts.isKept}</dt>
          <dd>{sum(kept)}</dd>
        </dl>
      )}
      <Notice text={notice} />
      {step === 'offered' ? (
        <button type="button" class="quiet" onClick={() => setStep('asked')}>
          {texts.cancelBooking}
        </button>
      ) : (
        <div class="bar-actions">
          <button type="button" disabled={step === 'sent'} onClick={() => void cancel()}>
            {amount === 0 ? texts.cancelForGood : texts.cancelForGoodAnd(sum(amount))}
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
