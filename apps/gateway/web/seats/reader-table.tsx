import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { GridKey } from '#libs/seat-map/reader-grid.js';
import { describeSeat } from '#libs/seat-map/words.js';
import { money } from '../kit/format.js';
import { texts, words } from '../texts/texts.js';
import type { SaleModel } from './sale-model.js';

const rowsShown = 5;
const keys: Readonly<Record<string, GridKey>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'home',
  End: 'end',
  PageUp: 'page_up',
  PageDown: 'page_down',
};

/**
 * The map for screen readers and keyboards: a window of its rows as a grid. It lies unseen over the
 * canvas, which shows where the focus is.
 */
export function ReaderTable({ model, seat, onMove, onTap }: Props) {
  const { reader, plan } = model;
  const focus = useRef<HTMLSpanElement>(null);
  const hasFocus = useRef(false);
  // A key may come before the page has followed the one before it.
  const at = useRef(seat);
  at.current = seat;
  useEffect(() => {
    if (hasFocus.current) focus.current?.focus({ preventScroll: true });
  }, [seat]);
  if (plan.seatCount === 0) return null;
  const { firstRow, endRow } = reader.windowAround(seat, rowsShown);
  const onKey = (event: KeyboardEvent) => {
    const key = keys[event.key];
    if (key !== undefined) onMove((at.current = reader.move(at.current, key)));
    else if (event.key === 'Enter' || event.key === ' ') onTap(at.current);
    else return;
    event.preventDefault();
  };
  return (
    <div
      class="unseen"
      role="grid"
      aria-label={texts.gridLabel}
      aria-rowcount={reader.rowCount}
      aria-describedby="grid-help"
      onKeyDown={onKey}
      onFocusIn={() => {
        hasFocus.current = true;
        onMove(at.current);
      }}
      onFocusOut={() => {
        hasFocus.current = false;
        onMove(-1);
      }}
    >
      {Array.from({ length: endRow - firstRow }, (_none, below) => (
        <Row
          key={firstRow + below}
          model={model}
          row={firstRow + below}
          seat={seat}
          focus={focus}
        />
      ))}
    </div>
  );
}

interface Props {
  readonly model: SaleModel;
  /** Where the focus is, or would be. */
  readonly seat: number;
  /** -1: the focus has left. */
  readonly onMove: (seat: number) => void;
  readonly onTap: (seat: number) => void;
}

/** Made anew when one of its seats is otherwise, or the focus comes or goes. */
function Row({ model, row, seat, focus }: RowProps) {
  const { plan, reader, looks } = model;
  const { first, end } = reader.cellsOf(row);
  const focused = seat >= first && seat < end ? seat : -1;
  const shown = looks.bytes.subarray(first, end).join('');
  return useMemo(() => {
    const price = (one: number) => {
      const minor = model.priceOf(one);
      return minor === null ? null : money(minor, model.currency);
    };
    const cells = Array.from({ length: end - first }, (_none, at) => {
      const one = first + at;
      const facts = { look: looks.lookOf(one), price: price(one), flags: plan.flagsOfSeat(one) };
      return (
        <span
          key={one}
          role="gridcell"
          ref={one === focused ? focus : null}
          tabIndex={one === focused ? 0 : -1}
          aria-colindex={at + 1}
          aria-selected={facts.look === 'mine'}
        >
          {describeSeat(words, plan.nameOf(one), facts)}
        </span>
      );
    });
    return (
      <div role="row" aria-rowindex={row + 1}>
        {cells}
      </div>
    );
  }, [model, row, shown, focused]);
}

interface RowProps {
  readonly model: SaleModel;
  readonly row: number;
  readonly seat: number;
  readonly focus: preact.RefObject<HTMLSpanElement | null>;
}
