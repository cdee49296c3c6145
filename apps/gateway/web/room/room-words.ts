import { count } from '../kit/format.js';
import { texts } from '../texts/texts.js';
import { roughly, type RoomView } from './room-view.js';
import { roomTexts as words } from './room-texts.js';

/** Numbers and states of a waiting room as people say them. */
const hourMin = 120;

/** Of a range in seconds: "3 to 7 minutes". */
export function rangeText([from, to]: readonly [number, number]): string {
  if (to < 60) return words.lessThanMinute;
  const inHours = to >= hourMin * 60;
  const unit = inHours ? 3_600 : 60;
  const [least, most] = [Math.floor(from / unit), Math.ceil(to / unit)];
  const named = inHours ? words.hours : words.minutes;
  const mostText = named(count(most), most === 1);
  if (least === 0) return words.upTo(mostText);
  return least === most ? mostText : words.fromTo(count(least), mostText);
}

export const minutesText = (seconds: number): string => {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return words.minutes(count(minutes), minutes === 1);
};

/** Of the window: what should be seen from another tab. */
export function titleOf({ kind }: RoomView): string {
  if (kind === 'called') return words.yourTurn;
  return kind === 'admitted' ? words.inside : words.name;
}

/** For who hears the page: changes that matter, and a number only as it gets shorter. */
export function heardOf(view: RoomView): string {
  switch (view.kind) {
    case 'unknown':
    case 'none':
    case 'outside':
    case 'scheduled':
      return '';
    case 'lobby':
      return words.inDraw;
    case 'drawing':
      return words.drawing;
    case 'waiting':
      return view.before === 0 ? words.next : words.heardWaiting(count(roughly(view.before)));
    case 'called':
      return words.yourTurn;
    case 'admitted':
      return words.inside;
    case 'lapsed':
      return words.lapsed;
    case 'over':
      return words.over;
    case 'sold_out':
      return words.soldOut;
    case 'closed':
      return words.closed;
  }
}

/** Why there is no place, in words; '': nobody answered. */
export const refusalText = (code: string): string =>
  code === '' ? words.noAnswer : (texts.refusals[code] ?? texts.refused);
