import { useEffect, useRef, useState } from 'preact/hooks';
import type { DiffFrame } from '#libs/contracts/live-frames.js';
import type { LiveConnection, LiveState } from '#libs/client/live-connection.js';
import { Announcer } from '#libs/seat-map/announcer.js';
import type { LayoutDocument } from '#libs/seat-map/layout-document.js';
import { knownToken } from '../holds/guest-session.js';
import { askAgain } from '../holds/hold-store.js';
import { later, onWaking } from '../kit/on-waking.js';
import { api, fetchEvent, holdfast, type EventDoc } from '../shop.js';
import { words } from '../texts/texts.js';
import type { MapView } from './map-view.js';
import { SaleModel } from './sale-model.js';

/** Lists and counts follow the map so often; its pixels follow at once. */
const listsMs = 250;

export interface Sale {
  readonly event: EventDoc;
  readonly model: SaleModel;
}

/** The event, as `of` has it, and its plan; null: one of them cannot be had. */
export async function loadSale(
  eventId: string,
  of: (event: EventDoc) => EventDoc = (event) => event,
): Promise<Sale | null> {
  const event = await fetchEvent(eventId);
  if (event === null) return null;
  const path = { hash: event.layout_hash };
  const answer = await api.get('/v1/layouts/{hash}', { path });
  if (answer?.status !== 200) return null;
  return { event, model: new SaleModel(answer.body as unknown as LayoutDocument, of(event)) };
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
export function useLiveSale({ event, model }: Sale): LiveSale {
  const view = useRef<MapView | null>(null);
  const [state, setState] = useState<LiveState>('connecting');
  const [saleStatus, setSaleStatus] = useState<string | null>(event.sale_status);
  const isCancelled = useCancelled(event, saleStatus);
  const [heard, setHeard] = useState('');
  const [, setTurn] = useState(0);
  const refresh = () => setTurn((turn) => turn + 1);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = null;
        model.signs.count(model.looks);
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
    const live = holdfast.follow(
      event.event_id,
      {
        onState: (next) => {
          setState(next);
          whole();
        },
        onMap: (frame, fits) => {
          if (frame.type === 'snapshot') whole();
          else if (fits) partly(frame);
        },
        onHold: ({ reservation_id: id }) => void askAgain(id),
      },
      { token: () => knownToken() },
    );
    const wake = () => live.wake();
    const stopWaking = onWaking(wake);
    live.open();
    return () => {
      live.close();
      announcer.stop();
      stopWaking();
      if (timer !== null) clearTimeout(timer);
    };
  }, [event.event_id, model]);
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
