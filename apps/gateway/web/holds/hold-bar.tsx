import { useEffect, useRef, useState } from 'preact/hooks';
import { money } from '../kit/format.js';
import { paths } from '../kit/router.js';
import type { Reservation } from '../shop.js';
import { texts } from '../texts/texts.js';
import { Countdown } from './countdown.js';
import { extend, mayExtend, placesOf, release } from './hold-store.js';

/** What is held for this buyer, for how long, and what can be done with it. */
export function HoldBar({ reservation, takesFocus, say }: Props) {
  const next = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (takesFocus) next.current?.focus();
  }, []);
  const [busy, setBusy] = useState(false);
  const run = (work: () => Promise<void>) => async () => {
    setBusy(true);
    await work();
    setBusy(false);
  };
  const more = run(async () => {
    const outcome = await extend(reservation);
    say(outcome === 'extended' ? texts.extended : texts.noExtend);
  });
  const letGo = run(async () => say((await release(reservation)) ? texts.released : texts.refused));
  const places = [
    ...reservation.seat_labels,
    ...reservation.areas.map(({ area, quantity }) => `${area} × ${quantity}`),
  ];
  return (
    <section class="bar bar-held" aria-label={texts.held(placesOf(reservation))}>
      <div class="bar-text">
        <p class="bar-title">
          {texts.held(placesOf(reservation))}
          <Countdown reservation={reservation} />
        </p>
        <p class="bar-detail">
          {places.join(' · ')} · {money(reservation.total, reservation.currency)}
        </p>
      </div>
      <div class="bar-actions">
        <button type="button" class="quiet" disabled={busy} onClick={() => void letGo()}>
          {texts.release}
        </button>
        {mayExtend(reservation) && (
          <button type="button" class="quiet" disabled={busy} onClick={() => void more()}>
            {texts.extend}
          </button>
        )}
        <a ref={next} class="button" href={paths.checkout(reservation.reservation_id)}>
          {texts.toCheckout}
        </a>
      </div>
    </section>
  );
}

interface Props {
  readonly reservation: Reservation;
  /** It was taken just now: the way on goes from here. */
  readonly takesFocus: boolean;
  /** To those who see and those who hear. */
  readonly say: (text: string) => void;
}
