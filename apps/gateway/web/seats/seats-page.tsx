import { useEffect, useRef, useState } from 'preact/hooks';
import { HoldBar } from '../holds/hold-bar.js';
import { hold, placesOf, useHolds, type Order } from '../holds/hold-store.js';
import { when } from '../kit/format.js';
import { useNotice } from '../kit/notices.js';
import { Failed, Heading, Waiting } from '../kit/page-parts.js';
import { paths } from '../kit/router.js';
import { useLoaded } from '../kit/use-loaded.js';
import { useTick } from '../kit/use-tick.js';
import { admissionOf } from '../room/kept-places.js';
import { RoomBar, TurnClock } from '../room/room-bar.js';
import { isGuarding, viewOf } from '../room/room-view.js';
import { titleOf } from '../room/room-words.js';
import { useTurnSignal } from '../room/turn-signal.js';
import { useRoom } from '../room/use-room.js';
import { clock, type Reservation } from '../shop.js';
import { texts, words } from '../texts/texts.js';
import { AreaList } from './area-list.js';
import { BestSeats } from './best-seats.js';
import { ChoiceBar } from './choice-bar.js';
import { Legend } from './legend.js';
import { PickerList } from './picker-list.js';
import type { SaleLine } from './sale-line.js';
import type { SaleModel } from './sale-model.js';
import { SeatMap } from './seat-map.js';
import { Stepper } from './stepper.js';
import { saleOf, useLine, useLiveSale, type LiveSale, type Sale } from './use-sale.js';

/** The map of a sale, the same as a list, and what was taken of it. */
export function SeatsPage({ eventId }: { readonly eventId: string }) {
  const line = useLine(eventId);
  const loaded = useLoaded(eventId, async () => {
    const plan = await line.plan();
    return plan == null ? plan : saleOf(plan);
  });
  if (loaded.state === 'loading') return <Waiting />;
  if (loaded.state === 'failed') return <Failed {...loaded} />;
  return <SaleOrRoom sale={loaded.value} line={line} />;
}

/** Where a waiting room stands before the map it is there in its place. */
function SaleOrRoom({ sale, line }: { readonly sale: Sale; readonly line: SaleLine }) {
  const { event } = sale;
  const turn = useTurn(event.event_id);
  if (!turn.isMapBarred) return <TheSale {...{ sale, line, turn }} />;
  return (
    <article class="narrow">
      <a class="quiet-link" href={paths.event(event.event_id)}>
        ← {texts.back}
      </a>
      <Heading title={`${titleOf(turn.view)} · ${event.name}`}>{event.name}</Heading>
      <RoomBar eventId={event.event_id} view={turn.view} notice="" hidesMap />
    </article>
  );
}

interface TheSaleProps {
  readonly sale: Sale;
  readonly line: SaleLine;
  readonly turn: Turn;
}

function TheSale({ sale, line, turn }: TheSaleProps) {
  const { event, model } = sale;
  const live = useLiveSale(sale, line);
  const held = useHolds().get(event.event_id) ?? null;
  const [notice, say] = useNotice();
  const [focusTurn, setFocusTurn] = useState(0);
  const [busy, take, took] = useTaking(model, live, say, turn.look);
  useOwnSeats(model, held, live, say);
  useEffect(() => {
    // A room may stand before the map since it was opened.
    if (live.state === 'ended') turn.look();
  }, [live.state]);
  useEffect(() => {
    if (turn.untilMs !== null && line.live.state === 'ended') line.live.open();
  }, [turn.untilMs]);
  const choose = (work: () => void, byKeys: boolean) => {
    if (held !== null) return say(texts.oneAtATime);
    say('');
    work();
    live.view.current?.paint();
    live.refresh();
    if (byKeys) setFocusTurn((turn) => turn + 1);
  };
  const isShut = turn.isBarred || live.state !== 'live' || live.saleStatus !== 'open';
  const disabled = busy || held !== null || isShut;
  return (
    <div class="sale">
      <SaleHead sale={sale} live={live} turn={turn} />
      <div class="sale-body">
        <div class="sale-party">
          <Party model={model} onChange={(work) => choose(work, false)} />
        </div>
        <SaleList {...{ sale, live, disabled, take, choose }} />
        <SeatMap
          model={model}
          view={live.view}
          onTap={(seat, byKeys) => choose(() => void model.tap(seat), byKeys)}
        />
      </div>
      <p class="unseen" role="status">
        {live.heard}
      </p>
      {held === null && turn.isBarred && (
        <RoomBar eventId={event.event_id} view={turn.view} notice={notice} />
      )}
      {held === null && !turn.isBarred && (
        <ChoiceBar
          {...{ model, focusTurn, notice, busy }}
          idle={idleOf(sale, live)}
          disabled={disabled}
          onHold={(seats) => take(model.orderOf(seats))}
          onGiveUp={() => choose(() => model.giveUp(), false)}
        />
      )}
      {held !== null && (
        <>
          {notice !== '' && <p class="bar-notice">{notice}</p>}
          <HoldBar reservation={held} takesFocus={took} say={say} />
        </>
      )}
    </div>
  );
}

/** What the bar says while nothing is chosen. */
function idleOf({ event, model }: Sale, { saleStatus, state, isCancelled }: LiveSale): string {
  const { on_sale_at: at, time_zone: zone } = event;
  if (state !== 'live') return words.notLive;
  if (saleStatus === 'closed') return isCancelled ? texts.eventCancelled : texts.saleEnded;
  if (saleStatus === 'scheduled') {
    return at === null ? texts.opensLater : texts.opensAt(when(at, zone, 'short'));
  }
  return model.isSoldOut ? texts.soldOutText : texts.tapSeat(model.selection.party);
}

/** The same as the map, to read: by price, by quantity, by section and row. */
function SaleList({ sale: { event, model }, live, disabled, take, choose }: ListProps) {
  const chooseSeats = (seats: readonly number[]) =>
    choose(() => {
      model.choose(seats);
      live.view.current?.reveal(seats);
    }, true);
  return (
    <div class="sale-list">
      <BestSeats
        {...{ model, disabled }}
        onWish={(wishes) => choose(() => model.setWishes(wishes), false)}
        onTake={take}
      />
      <AreaList
        {...{ event, model, disabled }}
        onTake={(area, quantity) => take(model.areaOrder(area, quantity))}
      />
      {model.plan.seatCount > 0 && (
        <PickerList
          {...{ model, disabled }}
          isKnown={live.state === 'live'}
          onChoose={chooseSeats}
          onSection={(at) => live.view.current?.showBox(model.signs.signs[at].box)}
        />
      )}
      <Legend model={model} />
    </div>
  );
}

interface ListProps {
  readonly sale: Sale;
  readonly live: LiveSale;
  readonly disabled: boolean;
  readonly take: (order: Order) => void;
  readonly choose: (work: () => void, byKeys: boolean) => void;
}

type Turn = ReturnType<typeof useTurn>;

/** Whether a waiting room lets this buyer hold, or see, and until when. */
function useTurn(eventId: string) {
  const room = useRoom(eventId);
  const nowMs = clock.nowMs();
  const guards = isGuarding(room.known, nowMs);
  useTick(1_000, guards);
  const admission = guards ? admissionOf(eventId, nowMs, room.known.serving?.room) : null;
  const view = viewOf(room.known, nowMs);
  useTurnSignal(view);
  return {
    view,
    isBarred: guards && admission === null,
    isMapBarred: guards && admission === null && room.known.serving?.scope === 'map',
    /** Of who was let in; null: no time is set. */
    untilMs: admission === null ? null : Date.parse(admission.until),
    look: () => room.look(),
  };
}

/**
 * Asks the shop for places, once at a time; a no is said, and what is offered instead marked.
 * `onBarred`: a waiting room has opened meanwhile, or the turn is over.
 */
function useTaking(
  model: SaleModel,
  live: LiveSale,
  say: (text: string) => void,
  onBarred: () => void,
) {
  const [busy, setBusy] = useState(false);
  const [took, setTook] = useState(false);
  const ask = async (order: Order) => {
    setBusy(true);
    setTook(true);
    model.isAsking = true;
    say('');
    const answer = await hold(order);
    model.isAsking = false;
    if (answer === null) say(texts.refused);
    else if (answer.status !== 201) say(refusedBy(model, answer.body.error));
    if (answer?.code?.startsWith('admission_') === true) onBarred();
    setBusy(false);
    live.view.current?.reveal(model.offer);
    live.refresh();
  };
  const take = (order: Order): void => {
    if (!busy) void ask(order);
  };
  return [busy, take, took] as const;
}

function SaleHead({ sale: { event }, live, turn }: SaleHeadProps) {
  const isCalled = turn.view.kind === 'called';
  return (
    <header class="sale-head">
      <a class="quiet-link" href={paths.event(event.event_id)}>
        ← {texts.back}
      </a>
      <p class={`live live-${live.state}`} role="status">
        {texts.live[live.state]}
        {live.saleStatus === 'scheduled' && ` · ${texts.notOpenYet}`}
        {live.saleStatus === 'closed' &&
          ` · ${live.isCancelled ? texts.eventCancelled : texts.saleEnded}`}
      </p>
      <div class="sale-title">
        <Heading title={isCalled ? `${titleOf(turn.view)} · ${event.name}` : event.name}>
          {event.name}
        </Heading>
        <p class="quiet-text">
          {when(event.starts_at, event.time_zone, 'short')} · {event.venue_name}
        </p>
        {turn.untilMs !== null && <TurnClock untilMs={turn.untilMs} />}
      </div>
    </header>
  );
}

interface SaleHeadProps {
  readonly sale: Sale;
  readonly live: LiveSale;
  readonly turn: Turn;
}

function Party({ model, onChange }: PartyProps) {
  const steps = { fewer: texts.fewer, more: texts.oneMore };
  const { party } = model.selection;
  return (
    <>
      <Stepper
        label={texts.howMany}
        value={party}
        least={1}
        most={model.partyMax}
        shown={texts.people(party)}
        words={steps}
        onChange={(people) => onChange(() => model.setParty(people))}
      />
      {model.hasWheelchairSpaces && (
        <Stepper
          label={texts.wheelchairs}
          value={model.wheelchairs}
          least={0}
          most={Math.min(party, model.wheelchairMax)}
          shown={String(model.wheelchairs)}
          words={steps}
          onChange={(users) => onChange(() => model.setWheelchairs(users))}
        />
      )}
    </>
  );
}

interface PartyProps {
  readonly model: SaleModel;
  readonly onChange: (work: () => void) => void;
}

/** Marks what is held; when that is over, what it was, for who wants it again. */
function useOwnSeats(
  model: SaleModel,
  held: Reservation | null,
  live: LiveSale,
  say: (text: string) => void,
): void {
  const before = useRef<Reservation | null>(null);
  useEffect(() => {
    const was = before.current;
    before.current = held;
    model.setHeld(held === null ? [] : model.indexesOf(held.seat_ids));
    if (held !== null && was?.reservation_id !== held.reservation_id) {
      say('');
      live.view.current?.reveal(model.held);
    }
    if (held === null && was !== null && placesOf(was) > 0) {
      const isOver = Date.parse(was.expires_at) <= Date.now() + 1_500;
      if (isOver) say(texts.expired);
      if (isOver) setTimeout(() => offerAgain(model, was, live), 600);
    }
    live.view.current?.paint();
    live.refresh();
  }, [held]);
}

function offerAgain(model: SaleModel, was: Reservation, live: LiveSale): void {
  if (model.choice.kind !== 'none') return;
  model.offerAgain(model.indexesOf(was.seat_ids));
  live.view.current?.paint();
  live.refresh();
}

/** What the shop said no to, in words; what it offers instead is marked. */
function refusedBy(model: SaleModel, error: Refusal): string {
  const { code, seat_ids: lost = [], alternative } = error;
  const offer = model.indexesOf(alternative?.seat_ids ?? []);
  model.refused(model.indexesOf(lost), offer);
  return code === 'seats_unavailable' ? '' : (texts.refusals[code] ?? texts.refused);
}

interface Refusal {
  readonly code: string;
  readonly seat_ids?: readonly string[];
  readonly alternative?: { readonly seat_ids: readonly string[] };
}
