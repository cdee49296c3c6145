import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { clockFace, count, when } from '../kit/format.js';
import { paths } from '../kit/router.js';
import { useTick } from '../kit/use-tick.js';
import { isGuarding } from '../room/room-view.js';
import { useRoom } from '../room/use-room.js';
import { clock, type EventDoc } from '../shop.js';
import { texts } from '../texts/texts.js';

const dayMs = 86_400_000;
/** Below it what is left is said as a number that should be noticed. */
const fewPart = 0.05;

/** How the sale stands, and the way in. */
export function SaleBox({ event, again }: Props) {
  if (event.cancelled_at !== null) return <Cancelled />;
  return <Sale event={event} again={again} />;
}

const Cancelled = () => (
  <>
    <p class="state-line state-gone">{texts.eventCancelled}</p>
    <p class="quiet-text">{texts.eventCancelledText}</p>
  </>
);

function Sale({ event, again }: Props) {
  const { known } = useRoom(event.event_id, false);
  const way = isGuarding(known, clock.nowMs()) ? <ToRoom event={event} /> : null;
  const opensMs = event.on_sale_at === null ? 0 : Date.parse(event.on_sale_at);
  const endsMs = event.sale_ends_at === null ? Infinity : Date.parse(event.sale_ends_at);
  if (event.sale_status === 'scheduled' || opensMs > clock.nowMs()) {
    const roomOpensAt = known.serving?.phase === 'scheduled' ? known.serving.opens_at : null;
    return <Opening {...{ event, again, way, roomOpensAt }} atMs={opensMs} />;
  }
  if (event.sale_status === 'closed' || endsMs <= clock.nowMs()) {
    return <p class="state-line">{texts.saleEnded}</p>;
  }
  if (event.buyers === 'verified') return <p class="state-line">{texts.verifiedOnly}</p>;
  const left = leftOf(event);
  if (left !== null && left.free === 0) return <SoldOut event={event} />;
  return (
    <>
      {left !== null && <Left {...left} />}
      {way ?? (
        <a class="button button-large" href={paths.seats(event.event_id)}>
          {texts.chooseSeats}
        </a>
      )}
    </>
  );
}

const ToRoom = ({ event }: Pick<Props, 'event'>) => (
  <>
    <p class="quiet-text">{texts.roomBefore}</p>
    <a class="button button-large" href={paths.room(event.event_id)}>
      {texts.toRoom}
    </a>
  </>
);

interface Props {
  readonly event: EventDoc;
  /** Time has come to ask anew. */
  readonly again: () => void;
}

const Left = ({ free, all }: Counted) =>
  free < all * fewPart ? (
    <p class="state-line state-few">{texts.fewLeft(count(free))}</p>
  ) : (
    <p class="state-line">{texts.seatsLeft(count(free))}</p>
  );

const SoldOut = ({ event }: { readonly event: EventDoc }) => (
  <>
    <p class="state-line state-gone">{texts.soldOut}</p>
    <p class="quiet-text">{texts.soldOutText}</p>
    <a class="button button-large" href={paths.seats(event.event_id)}>
      {texts.watchMap}
    </a>
  </>
);

/** By the shop's clock, so that nobody is late on a phone that is. */
function Opening({ event, atMs, again, way, roomOpensAt }: OpeningProps) {
  useTick(500);
  const ms = atMs === 0 ? Infinity : clock.remainingMs(atMs);
  const isOpen = ms === 0;
  useEffect(() => {
    if (isOpen) again();
  }, [isOpen]);
  return (
    <>
      <p class="state-line">{texts.saleOpensIn}</p>
      {ms !== Infinity && (
        <p class="countdown" role="timer">
          {ms > 2 * dayMs ? texts.days(Math.floor(ms / dayMs)) : clockFace(ms)}
        </p>
      )}
      {event.on_sale_at !== null && (
        <p class="quiet-text">{texts.onSaleAt(when(event.on_sale_at, event.time_zone, 'long'))}</p>
      )}
      {roomOpensAt !== null && (
        <p class="quiet-text">{texts.roomOpens(when(roomOpensAt, event.time_zone, 'short'))}</p>
      )}
      {way}
      <a class="button button-large button-quiet" href={paths.seats(event.event_id)}>
        {texts.watchMap}
      </a>
    </>
  );
}

interface OpeningProps extends Props {
  readonly atMs: number;
  /** Into the waiting room; null: there is none. */
  readonly way: JSX.Element | null;
  readonly roomOpensAt: string | null;
}

interface Counted {
  readonly free: number;
  readonly all: number;
}

function leftOf({ availability }: EventDoc): Counted | null {
  if (availability === null) return null;
  const { seats, areas } = availability;
  const all = seats.free + seats.held + seats.booked + seats.blocked;
  return {
    free: areas.reduce((sum, area) => sum + area.free, seats.free),
    all: areas.reduce((sum, area) => sum + area.capacity, all),
  };
}
