import { useState } from 'preact/hooks';
import { when } from '../kit/format.js';
import { Notice, useNotice } from '../kit/notices.js';
import { Failed, Heading, Waiting } from '../kit/page-parts.js';
import { navigate, paths } from '../kit/router.js';
import { useLoaded } from '../kit/use-loaded.js';
import { useTick } from '../kit/use-tick.js';
import { clock, findEvent, type EventDoc } from '../shop.js';
import { texts } from '../texts/texts.js';
import { CheckMyPlace } from './check-my-place.js';
import { RoomCard } from './room-card.js';
import { roomTexts as words } from './room-texts.js';
import { viewOf, type RoomView } from './room-view.js';
import { heardOf, refusalText, titleOf } from './room-words.js';
import { armSound, disarmSound, isSoundArmed, ring, useTurnSignal } from './turn-signal.js';
import { useRoom } from './use-room.js';

/** Where one waits for a sale that more people want than can buy at once. */
export function RoomPage({ eventId }: { readonly eventId: string }) {
  const loaded = useLoaded(eventId, () => findEvent(eventId));
  if (loaded.state === 'loading') return <Waiting />;
  if (loaded.state === 'failed') return <Failed {...loaded} />;
  return <TheRoom event={loaded.value} />;
}

function TheRoom({ event }: { readonly event: EventDoc }) {
  const room = useRoom(event.event_id);
  useTick(500);
  const { known } = room;
  const view = viewOf(known, clock.nowMs());
  const [notice, say] = useNotice();
  const [busy, setBusy] = useState(false);
  const join = async (party: number) => {
    const wasCalled = view.kind === 'called';
    setBusy(true);
    say('');
    const refusal = await room.join(party);
    setBusy(false);
    if (refusal !== null) return say(refusalText(refusal));
    const isIn = viewOf(room.known, clock.nowMs()).kind === 'admitted';
    if (wasCalled && isIn) navigate(paths.seats(event.event_id));
  };
  const change = async (asked: Promise<string | null>) => {
    setBusy(true);
    const refusal = await asked;
    setBusy(false);
    if (refusal !== null) say(refusalText(refusal));
  };
  useTurnSignal(view);
  if (view.kind === 'unknown') return <Waiting />;
  const message = known.serving?.message ?? '';
  return (
    <article class="narrow room">
      <a class="quiet-link" href={paths.event(event.event_id)}>
        ← {texts.back}
      </a>
      <header>
        <p class="eyebrow">{words.name}</p>
        <Heading title={`${titleOf(view)} · ${event.name}`}>{event.name}</Heading>
        <p class="quiet-text">
          {when(event.starts_at, event.time_zone, 'short')} · {event.venue.name}
        </p>
      </header>
      <RoomCard
        {...{ event, known, view, busy }}
        onJoin={(party) => void join(party)}
        onLower={(party) => void change(room.lower(party))}
        onLeave={() => void change(room.leave())}
      />
      <Notice text={notice} />
      {message !== '' && (
        <p class="room-message">
          <b>{words.organiser}</b>
          {message}
        </p>
      )}
      {waits.has(view.kind) && (
        <WhileWaiting eventId={event.event_id} canLook={known.serving?.scope !== 'map'} />
      )}
      {known.serving != null && known.place != null && (
        <CheckMyPlace eventId={event.event_id} serving={known.serving} place={known.place} />
      )}
      <p class="unseen" role="status">
        {heardOf(view)}
      </p>
    </article>
  );
}

const waits: ReadonlySet<RoomView['kind']> = new Set(['lobby', 'drawing', 'waiting']);

function WhileWaiting({ eventId, canLook }: { readonly eventId: string; canLook: boolean }) {
  const [isOn, setOn] = useState(isSoundArmed());
  const toggle = () => {
    if (isOn) disarmSound();
    else {
      armSound();
      ring();
    }
    setOn(!isOn);
  };
  return (
    <div class="room-tools">
      <button type="button" class="quiet" aria-pressed={isOn} onClick={toggle}>
        <Bell isOn={isOn} />
        {words.soundOn}
      </button>
      {canLook && (
        <a class="quiet-link" href={paths.seats(eventId)}>
          {words.watchMap}
        </a>
      )}
    </div>
  );
}

const Bell = ({ isOn }: { readonly isOn: boolean }) => (
  <svg class="bell" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d="M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7zM10 20h4" />
    {!isOn && <path d="M4 4l16 16" />}
  </svg>
);
