import type { Look } from './seat-looks.js';
import type { SeatFlagName, SeatName } from './seat-plan.js';

/**
 * What the map says, by language. A sentence is a function of what it is about, since words stand
 * in another order elsewhere; amounts come as text that the page has formatted.
 */
export type Language = 'en' | 'de';

export interface Words {
  readonly look: Readonly<Record<Look, string>>;
  readonly flag: Readonly<Record<SeatFlagName, string>>;
  readonly section: (name: string) => string;
  readonly row: (name: string) => string;
  readonly seat: (number: string) => string;
  readonly from: (price: string) => string;
  readonly left: (seats: number) => string;
  readonly chosen: (seats: number) => string;
  readonly noRoom: (most: number, party: number) => string;
  readonly notWished: string;
  readonly taken: (seats: number) => string;
  readonly offered: (seats: number) => string;
  readonly changed: (gone: number, back: number) => string;
  readonly notLive: string;
}

export const catalogue: Readonly<Record<Language, Words>> = {
  en: {
    look: {
      free: 'available',
      held: 'in somebody’s basket',
      booked: 'sold',
      blocked: 'not for sale',
      unknown: 'checking',
      mine: 'your choice',
      aside: 'available, but not as you wish',
    },
    flag: {
      wheelchair: 'wheelchair space',
      companion: 'companion seat',
      restricted_view: 'restricted view',
      hearing_loop: 'hearing loop',
      sign_language: 'view of the sign language interpreter',
      plus_size: 'wide seat',
    },
    section: (name) => name,
    row: (name) => `row ${name}`,
    seat: (number) => `seat ${number}`,
    from: (price) => `from ${price}`,
    left: (seats) => (seats === 1 ? '1 seat available' : `${seats} seats available`),
    chosen: (seats) => (seats === 1 ? 'You chose 1 seat.' : `You chose ${seats} seats together.`),
    noRoom: (most, party) =>
      most === 0 ? 'This seat cannot be had.' : `Only ${most} together here, and you are ${party}.`,
    notWished: 'This seat is not as you wish.',
    taken: (seats) =>
      seats === 1 ? 'Your seat was just taken.' : `${seats} of your seats were just taken.`,
    offered: (seats) =>
      seats === 1 ? 'The nearest one is marked.' : `The nearest ${seats} together are marked.`,
    changed: (gone, back) =>
      [
        ...(gone === 0 ? [] : [gone === 1 ? '1 seat was taken.' : `${gone} seats were taken.`]),
        ...(back === 0 ? [] : [back === 1 ? '1 seat is back.' : `${back} seats are back.`]),
      ].join(' '),
    notLive: 'One moment: the map is being brought up to date.',
  },
  de: {
    look: {
      free: 'frei',
      held: 'in einem Warenkorb',
      booked: 'verkauft',
      blocked: 'nicht im Verkauf',
      unknown: 'wird geprüft',
      mine: 'Ihre Auswahl',
      aside: 'frei, aber nicht wie gewünscht',
    },
    flag: {
      wheelchair: 'Rollstuhlplatz',
      companion: 'Begleitplatz',
      restricted_view: 'eingeschränkte Sicht',
      hearing_loop: 'Induktionsschleife',
      sign_language: 'Sicht auf Gebärdensprachdolmetschung',
      plus_size: 'breiter Sitz',
    },
    section: (name) => name,
    row: (name) => `Reihe ${name}`,
    seat: (number) => `Platz ${number}`,
    from: (price) => `ab ${price}`,
    left: (seats) => (seats === 1 ? '1 Platz frei' : `${seats} Plätze frei`),
    chosen: (seats) =>
      seats === 1
        ? 'Sie haben 1 Platz gewählt.'
        : `Sie haben ${seats} Plätze nebeneinander gewählt.`,
    noRoom: (most, party) =>
      most === 0
        ? 'Dieser Platz ist nicht zu haben.'
        : `Hier sind nur ${most} nebeneinander frei, Sie sind ${party}.`,
    notWished: 'Dieser Platz ist nicht wie gewünscht.',
    taken: (seats) =>
      seats === 1
        ? 'Ihr Platz wurde gerade vergeben.'
        : `${seats} Ihrer Plätze wurden gerade vergeben.`,
    offered: (seats) =>
      seats === 1
        ? 'Der nächste freie ist markiert.'
        : `Die nächsten ${seats} nebeneinander sind markiert.`,
    changed: (gone, back) =>
      [
        ...(gone === 0
          ? []
          : [gone === 1 ? '1 Platz wurde vergeben.' : `${gone} Plätze wurden vergeben.`]),
        ...(back === 0
          ? []
          : [back === 1 ? '1 Platz ist wieder frei.' : `${back} Plätze sind wieder frei.`]),
      ].join(' '),
    notLive: 'Einen Moment: Der Plan wird aktualisiert.',
  },
};

/** "Stalls, row A, seat 12, £24.50, restricted view, available": the state is never left out. */
export function describeSeat(
  words: Words,
  { section, row, number }: SeatName,
  { look, price, flags }: SeatFacts,
): string {
  return [
    words.section(section),
    words.row(row),
    words.seat(number),
    ...(price === null ? [] : [price]),
    ...flags.map((flag) => words.flag[flag]),
    words.look[look],
  ].join(', ');
}

export interface SeatFacts {
  readonly look: Look;
  /** As text for people; null: none. */
  readonly price: string | null;
  readonly flags: readonly SeatFlagName[];
}
