import { useEffect, useRef } from 'preact/hooks';
import { look } from '#libs/seat-map/seat-looks.js';
import { money } from '../kit/format.js';
import { texts, words } from '../texts/texts.js';
import type { SaleModel } from './sale-model.js';

/** What is chosen and what comes next: one button, whatever happened before. */
export function ChoiceBar(props: Props) {
  const { model, busy, disabled, focusTurn, notice, idle, onHold, onGiveUp } = props;
  const button = useRef<HTMLButtonElement>(null);
  const { choice, offer } = model;
  const seats = choice.kind === 'chosen' ? choice.seats : offer;
  useEffect(() => {
    if (focusTurn > 0) button.current?.focus();
  }, [focusTurn]);
  const total = seats.length === 0 ? null : model.totalOf(seats);
  const isOffer = choice.kind !== 'chosen' && offer.length > 0;
  return (
    <section class="bar" aria-label={texts.total}>
      <div class="bar-text" role="status">
        <p class="bar-title">{titleOf(model, notice, idle)}</p>
        {seats.length > 0 && (
          <p class="bar-detail">
            {namesOf(model, seats)}
            {notesOf(model, seats)}
            {total !== null && ` · ${money(total, model.currency)}`}
          </p>
        )}
        {choice.kind !== 'none' && choice.kind !== 'chosen' && offer.length === 0 && (
          <p class="bar-detail">{texts.noOffer}</p>
        )}
      </div>
      {seats.length > 0 && (
        <div class="bar-actions">
          <button type="button" class="quiet" disabled={disabled} onClick={onGiveUp}>
            {texts.giveUp}
          </button>
          <button ref={button} type="button" disabled={disabled} onClick={() => onHold(seats)}>
            {busy ? texts.choosing : isOffer ? texts.takeInstead : texts.choose(seats.length)}
          </button>
        </div>
      )}
    </section>
  );
}

interface Props {
  readonly model: SaleModel;
  /** Something is being asked for. */
  readonly busy: boolean;
  readonly disabled: boolean;
  /** Above 0 and new: chosen by keys, which go on here. */
  readonly focusTurn: number;
  /** Goes before what the choice says; empty: nothing. */
  readonly notice: string;
  /** What to do, or why there is nothing to do, while nothing is chosen. */
  readonly idle: string;
  readonly onHold: (seats: readonly number[]) => void;
  readonly onGiveUp: () => void;
}

function titleOf(model: SaleModel, notice: string, idle: string): string {
  const { choice, offer, selection } = model;
  const offered = offer.length > 0 ? ` ${words.offered(offer.length)}` : '';
  const roomOf = (most: number) => words.noRoom(most, selection.party);
  if (notice !== '') return notice;
  switch (choice.kind) {
    case 'chosen':
      return words.chosen(choice.seats.length);
    case 'no_room':
      return (isAside(model, choice.seat) ? words.notWished : roomOf(choice.most)) + offered;
    case 'taken':
      return words.taken(choice.lost.length) + offered;
    case 'none':
      return idle;
  }
}

const isAside = ({ looks }: SaleModel, seat: number): boolean => looks.bytes[seat] === look.aside;

/** What one should know of them before paying: " · restricted view". */
const notesOf = ({ plan }: SaleModel, seats: readonly number[]): string =>
  [...new Set(seats.flatMap((seat) => plan.flagsOfSeat(seat)))]
    .map((flag) => ` · ${words.flag[flag]}`)
    .join('');

/** "Stalls, row C, seats 4 – 5" */
function namesOf({ plan }: SaleModel, seats: readonly number[]): string {
  const [first, last] = [plan.nameOf(seats[0]), plan.nameOf(seats[seats.length - 1])];
  const where = `${words.section(first.section)}, ${words.row(first.row)}`;
  return `${where}, ${texts.seatRange(first.number, last.number)}`;
}
