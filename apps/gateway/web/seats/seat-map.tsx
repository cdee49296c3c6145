import { useEffect, useRef, useState } from 'preact/hooks';
import type { PointerEventData } from '#libs/seat-map/gestures.js';
import { describeSeat } from '#libs/seat-map/words.js';
import { money } from '../kit/format.js';
import { texts, words } from '../texts/texts.js';
import { MapView } from './map-view.js';
import { ReaderTable } from './reader-table.js';
import type { SaleModel } from './sale-model.js';

interface Hint {
  readonly seat: number;
  readonly x: number;
  readonly y: number;
}

/** The canvas with its buttons, what is pointed at in words, and the same for screen readers. */
export function SeatMap({ model, view, onTap, beginsWhole = false }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const small = useRef<HTMLCanvasElement>(null);
  const tapped = useRef(onTap);
  tapped.current = onTap;
  const [hint, setHint] = useState<Hint | null>(null);
  const [seat, setSeat] = useState(() => firstSeat(model));
  const [helps, sayHelp] = useHelp();
  useEffect(() => {
    const [outer, inner, corner] = [box.current, canvas.current, small.current];
    if (outer === null || inner === null || corner === null) return undefined;
    const map = new MapView(inner, corner, model, {
      onTap: (one) => {
        setSeat(one);
        tapped.current(one, false);
      },
      onHover: (one, x, y) => setHint(one === -1 ? null : { seat: one, x, y }),
      onPage: sayHelp,
      beginsWhole,
    });
    view.current = map;
    const stopHearing = hear(inner, outer, map);
    const watch = new ResizeObserver(() => map.resize(outer.clientWidth, outer.clientHeight));
    watch.observe(outer);
    return () => {
      watch.disconnect();
      stopHearing();
      map.close();
      view.current = null;
    };
  }, [model]);
  const move = (to: number) => {
    if (to >= 0) setSeat(to);
    view.current?.focus(to);
  };
  return (
    <section class="map" aria-label={texts.map}>
      <p id="grid-help" class="unseen">
        {texts.gridHelp}
      </p>
      <div class="map-box" ref={box} tabIndex={-1}>
        <canvas ref={canvas} aria-hidden="true" />
        <canvas
          ref={small}
          class="map-small"
          aria-hidden="true"
          hidden
          onPointerDown={({ offsetX, offsetY }) => view.current?.jump(offsetX, offsetY)}
        />
        <ReaderTable model={model} seat={seat} onMove={move} onTap={(one) => onTap(one, true)} />
        {hint !== null && <SeatHint model={model} hint={hint} />}
        {helps && <p class="map-help">{texts.mapHelp}</p>}
      </div>
      <div class="map-buttons">
        <MapButton
          label={texts.zoomIn}
          sign="M5 12h14M12 5v14"
          run={() => view.current?.zoom(1.6)}
        />
        <MapButton label={texts.zoomOut} sign="M5 12h14" run={() => view.current?.zoom(1 / 1.6)} />
        <MapButton
          label={texts.wholePlan}
          sign="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"
          run={() => view.current?.showAll()}
        />
      </div>
    </section>
  );
}

const helpMs = 3_000;

/** Shown for a while, to whoever turned the wheel over the map and moved the page. */
function useHelp() {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (turn === 0) return undefined;
    const timer = setTimeout(() => setTurn(0), helpMs);
    return () => clearTimeout(timer);
  }, [turn]);
  return [turn > 0, () => setTurn((before) => before + 1)] as const;
}

interface Props {
  readonly model: SaleModel;
  readonly view: { current: MapView | null };
  readonly onTap: (seat: number, byKeys: boolean) => void;
  readonly beginsWhole?: boolean;
}

const MapButton = ({ label, sign, run }: MapButtonProps) => (
  <button type="button" class="map-button" aria-label={label} title={label} onClick={run}>
    <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={sign} />
    </svg>
  </button>
);

interface MapButtonProps {
  readonly label: string;
  readonly sign: string;
  readonly run: () => void;
}

function SeatHint({ model, hint }: { readonly model: SaleModel; readonly hint: Hint }) {
  const minor = model.priceOf(hint.seat);
  const name = model.plan.nameOf(hint.seat);
  const flags = model.plan.flagsOfSeat(hint.seat).map((flag) => words.flag[flag]);
  return (
    <div class="hint" aria-hidden="true" style={{ left: `${hint.x}px`, top: `${hint.y}px` }}>
      <b>
        {name.section}, {words.row(name.row)}, {words.seat(name.number)}
      </b>
      <span>
        {minor !== null && `${money(minor, model.currency)} · `}
        {words.look[model.looks.lookOf(hint.seat)]}
      </span>
      {flags.length > 0 && <span>{flags.join(', ')}</span>}
    </div>
  );
}

/** In words, of a seat that was chosen. */
export const seatWords = (model: SaleModel, seat: number): string =>
  describeSeat(words, model.plan.nameOf(seat), {
    look: model.looks.lookOf(seat),
    price: null,
    flags: model.plan.flagsOfSeat(seat),
  });

/** Where the keyboard begins: the seat nearest to where everybody looks. */
function firstSeat({ plan }: SaleModel): number {
  const { focal } = plan.document;
  let [best, least] = [0, Infinity];
  for (let seat = 0; seat < plan.seatCount; seat += 1) {
    const [dx, dy] = [plan.x[seat] - focal.x, plan.y[seat] - focal.y];
    const distance = dx * dx + dy * dy;
    if (distance < least) [best, least] = [seat, distance];
  }
  return best;
}

function hear(canvas: HTMLCanvasElement, box: HTMLElement, map: MapView): () => void {
  const at = ({ clientX, clientY }: MouseEvent) => {
    const { left, top } = canvas.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  };
  const pointer = (kind: PointerEventData['kind']) => (event: PointerEvent) => {
    if (event.pointerType === 'mouse' && event.button > 0) return;
    if (kind === 'down') {
      canvas.setPointerCapture(event.pointerId);
      box.focus({ preventScroll: true });
    }
    const { pointerType } = event;
    const kindOfPointer = pointerType === 'touch' || pointerType === 'pen' ? pointerType : 'mouse';
    map.take({ kind, id: event.pointerId, pointer: kindOfPointer, ...at(event) });
  };
  const wheel = (event: WheelEvent) => {
    const perLine = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const zoomed = map.take({
      kind: 'wheel',
      ...at(event),
      delta: event.deltaY * perLine * (event.ctrlKey ? 3 : 1),
      ctrl: event.ctrlKey || event.metaKey,
      focused: box.contains(document.activeElement),
    });
    if (zoomed) event.preventDefault();
  };
  const leave = () => void map.take({ kind: 'leave' });
  const stop = new AbortController();
  const { signal } = stop;
  canvas.addEventListener('pointerdown', pointer('down'), { signal });
  canvas.addEventListener('pointermove', pointer('move'), { signal });
  canvas.addEventListener('pointerup', pointer('up'), { signal });
  canvas.addEventListener('pointercancel', pointer('cancel'), { signal });
  canvas.addEventListener('pointerleave', leave, { signal });
  canvas.addEventListener('wheel', wheel, { signal, passive: false });
  return () => stop.abort();
}
