import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DiffFrame } from '#libs/contracts/live-frames.js';
import type { LiveConnection, LiveState } from '#libs/client/live-connection.js';
import { Announcer } from '#libs/seat-map/announcer.js';
import { askAgain } from '../holds/hold-store.js';
import { later, onWaking } from '../kit/on-waking.js';
import { fetchEvent, type EventDoc } from '../shop.js';
import { words } from '../texts/texts.js';
import type { MapView } from './map-view.js';
import { lineOf, type SaleLine, type SalePlan } from './sale-line.js';
import { SaleModel } from './sale-model.js';

/** Lists and counts follow the map so often; its pixels follow at once. */
const listsMs = 250;
/** While the map is moved, which nobody does reading a list, so many times later. */
const listsLater = 4;

export interface Sale {
  readonly event: EventDoc;
  readonly model: SaleModel;
}

export const saleOf = ({ event, document }: SalePlan): Sale => ({
  event,
  model: new SaleModel(document, event),
});

/** Its line, for as long as the page is there. */
export function useLine(eventId: string): SaleLine {
  const line = useMemo(() => lineOf(eventId), [eventId]);
  useEffect(() => () => line.close(), [line]);
  return line;
}

export interface LiveSale {
  readonly state: LiveState;
  readonly saleStatus: string | null;
  /** The event does not take place. */
  readonly isCancelled: boolean;
  /** Of what screen readers hear of the map. */
  readonly heard: string;
  /** The shell sets it; the map is painted as frames come. */
  readonly view: { current: MapView | null };
  /** What is on the page besides the map is made anew. */
  readonly refresh: () => void;
}

/** Follows the live map while the page is there: frames into the model, from it onto the page. */
export function useLiveSale({ event, model }: Sale, line: SaleLine): LiveSale {
  const view = useRef<MapView | null>(null);
  const [state, setState] = useState<LiveState>(line.live.state);
  const [saleStatus, setSaleStatus] = useState<string | null>(event.sale_status);
  const isCancelled = useCancelled(event, saleStatus);
  const [heard, setHeard] = useState('');
  const [, setTurn] = useState(0);
  const refresh = () => setTurn((turn) => turn + 1);
  useEffect(() => {
    const { live } = line;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let put = 0;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = null;
        put += 1;
        if (view.current?.isMoving === true && put < listsLater) return soon();
        put = 0;
        model.signs.count();
        view.current?.paint();
        refresh();
      }, listsMs);
    };
    const announcer = new Announcer(words, { after: later, say: setHeard });
    const whole = () => {
      const { map } = live;
      model.areas = [...map.areas.values()];
      model.setAll(map.bytes, map.fresh);
      setSaleStatus(map.saleStatus);
      view.current?.paint();
      soon();
    };
    const partly = (frame: DiffFrame) => {
      // Whose choice it ended is told at once, not when the lists follow.
      if (changeSeats(frame, live, { model, announcer, view })) refresh();
      model.areas = [...live.map.areas.values()];
      setSaleStatus(live.map.saleStatus);
      soon();
    };
    const stateIs = (next: LiveState) => {
      setState(next);
      model.isHeard ||= next === 'offline' || next === 'ended';
      whole();
    };
    line.hear({
      onState: stateIs,
      onMap: (frame, fits) => {
        if (frame.type === 'snapshot') whole();
        else if (fits) partly(frame);
      },
      onHold: ({ reservation_id: id }) => void askAgain(id),
    });
    stateIs(live.state);
    const stopWaking = onWaking(() => live.wake());
    return () => {
      line.hear({});
      announcer.stop();
      stopWaking();
      if (timer !== null) clearTimeout(timer);
    };
  }, [line, model]);
  return { state, saleStatus, isCancelled, heard, view, refresh };
}

/** A gateway reads the catalogue as often. */
const toldWithinMs = 3_000;

/** A map says that nothing is sold any more; why, the event says, a moment later than the map. */
function useCancelled(event: EventDoc, saleStatus: string | null): boolean {
  const [isCancelled, setCancelled] = useState(event.cancelled_at !== null);
  useEffect(() => {
    if (saleStatus !== 'closed' || isCancelled) return undefined;
    const timer = setTimeout(() => {
      void fetchEvent(event.event_id).then((now) => {
        if (now !== null && now.cancelled_at !== null) setCancelled(true);
      });
    }, toldWithinMs);
    return () => clearTimeout(timer);
  }, [event.event_id, saleStatus, isCancelled]);
  return isCancelled;
}

interface Changing {
  readonly model: SaleModel;
  readonly announcer: Announcer;
  readonly view: { readonly current: MapView | null };
}

/** True: it ended the choice. */
function changeSeats(
  { changes }: DiffFrame,
  { map }: LiveConnection,
  { model, announcer, view }: Changing,
): boolean {
  const seats = changes.map(([seat]) => seat);
  const before = seats.map((seat) => model.looks.bytes[seat]);
  const isOver = model.setStatuses(seats, map.bytes);
  seats.forEach((seat, at) => {
    const after = model.looks.bytes[seat];
    if (before[at] === after) return;
    announcer.changed(seat, before[at], after);
    view.current?.changed(seat);
  });
  return isOver;
}
