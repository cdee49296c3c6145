import { clockFace } from '../kit/format.js';
import { paths } from '../kit/router.js';
import { useTick } from '../kit/use-tick.js';
import { clock } from '../shop.js';
import { roomTexts as words } from './room-texts.js';
import type { RoomView } from './room-view.js';
import { heardOf } from './room-words.js';

/** Where a waiting room is before the map: what can be done instead of holding. */
export const RoomBar = ({ eventId, view, notice, hidesMap = false }: BarProps) => (
  <section class="bar" aria-label={words.name}>
    <div class="bar-text">
      <p class="bar-title" role="status">
        {notice === '' ? barTitle(view) : notice}
      </p>
      <p class="bar-detail">
        {view.kind === 'called' ? (
          <>
            <Left untilMs={view.untilMs} /> {words.comeInText}
          </>
        ) : (
          words[hidesMap ? 'guardsMapText' : 'guardsText']
        )}
      </p>
    </div>
    <div class="bar-actions">
      <a class="button" href={paths.room(eventId)}>
        {words.toRoom}
      </a>
    </div>
  </section>
);

interface BarProps {
  readonly eventId: string;
  readonly view: RoomView;
  /** Goes before what the bar says; empty: nothing. */
  readonly notice: string;
  /** It stands before the map as well. */
  readonly hidesMap?: boolean;
}

/** Who is in line looks at the map meanwhile, and must not miss his turn. */
const barTitle = (view: RoomView): string =>
  view.kind === 'outside' || view.kind === 'closed' || heardOf(view) === ''
    ? words.guards
    : heardOf(view);

/** How long who was let in may choose. */
export const TurnClock = ({ untilMs }: { readonly untilMs: number }) => (
  <p class="turn">
    {words.turnLeft} <Left untilMs={untilMs} />
  </p>
);

function Left({ untilMs }: { readonly untilMs: number }) {
  useTick(500);
  const ms = clock.remainingMs(untilMs);
  return (
    <span class={ms < 60_000 ? 'clock clock-short' : 'clock'} role="timer">
      {clockFace(ms)}
    </span>
  );
}
