import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { clockFace, count, when } from '../kit/format.js';
import { paths } from '../kit/router.js';
import { Stepper } from '../seats/stepper.js';
import { clock, type EventDoc, type Place, type Serving } from '../shop.js';
import { texts } from '../texts/texts.js';
import { roomTexts as words } from './room-texts.js';
import { fitOf, largestFit, type Known, type RoomView } from './room-view.js';
import { minutesText, rangeText } from './room-words.js';

const dayMs = 86_400_000;

/** How it stands, in one card: one thing to read, and one thing to do at most. */
export function RoomCard({ event, known, view, busy, onJoin, onLower, onLeave }: Props) {
  const { serving, place } = known;
  if (serving == null || view.kind === 'none' || view.kind === 'unknown') {
    return <Gone event={event} title={words.none} text={words.noneText} />;
  }
  switch (view.kind) {
    case 'scheduled':
      return (
        <Card title={words.opensIn}>
          <Clock untilMs={view.opensAtMs} />
          <DrawTime {...{ event, serving }} />
          <p class="quiet-text">{words.fair}</p>
        </Card>
      );
    case 'outside':
      return <Outside {...{ event, serving, busy, onJoin }} drawsAtMs={view.drawsAtMs} />;
    case 'lobby':
      return <Lobby {...{ event, serving, place }} drawsAtMs={view.drawsAtMs} />;
    case 'drawing':
      return <Drawing />;
    case 'waiting':
      return <InLine {...{ serving, place, view, busy, onLower }} />;
    case 'called':
    case 'admitted':
      return (
        <Turn {...{ event, busy, view, onLeave }} onComeIn={() => onJoin(place?.party ?? 1)} />
      );
    case 'lapsed':
    case 'over':
      return (
        <Card title={words[view.kind]}>
          <p>{view.kind === 'lapsed' ? words.lapsedText : words.overText}</p>
          <LargeButton disabled={busy} onClick={() => onJoin(place?.party ?? 1)}>
            {words.again}
          </LargeButton>
        </Card>
      );
    case 'sold_out':
      return (
        <Card title={words.soldOut}>
          <p>{words.soldOutText}</p>
          <a class="button button-large button-quiet" href={paths.events}>
            {texts.toEvents}
          </a>
        </Card>
      );
    case 'closed':
      return <Gone event={event} title={words.closed} text={words.closedText} />;
  }
}

interface Props {
  readonly event: EventDoc;
  readonly known: Known;
  readonly view: RoomView;
  /** Something is being asked for. */
  readonly busy: boolean;
  readonly onJoin: (party: number) => void;
  readonly onLower: (party: number) => void;
  readonly onLeave: () => void;
}

const Lobby = ({ event, serving, place, drawsAtMs }: LobbyProps) => (
  <Card title={words.inDraw} tone="good">
    <p class="room-label">{words.drawIn}</p>
    <Clock untilMs={drawsAtMs} />
    <p>{words.joined(count(serving.joined), serving.joined === 1)}</p>
    <DrawTime {...{ event, serving }} />
    <Kept {...{ serving, place }} />
  </Card>
);

interface LobbyProps extends Pick<InLineProps, 'serving' | 'place'> {
  readonly event: EventDoc;
  readonly drawsAtMs: number;
}

const Drawing = () => (
  <Card title={words.drawing}>
    <p class="room-dots" aria-hidden="true">
      <i />
      <i />
      <i />
    </p>
    <p class="quiet-text">{words.drawingText}</p>
  </Card>
);

/** To come in, or to choose: what is left of the time, and the way. */
const Turn = ({ event, busy, view, onComeIn, onLeave }: TurnProps) => (
  <Card title={view.kind === 'called' ? words.yourTurn : words.inside} tone="turn">
    <Clock untilMs={view.untilMs} />
    <p>{view.kind === 'called' ? words.comeInText : words.insideText}</p>
    {view.kind === 'called' ? (
      <LargeButton disabled={busy} onClick={onComeIn}>
        {words.comeIn}
      </LargeButton>
    ) : (
      <>
        <a class="button button-large" href={paths.seats(event.event_id)}>
          {words.toSeats}
        </a>
        <button type="button" class="quiet" disabled={busy} onClick={onLeave}>
          {words.leave}
        </button>
        <p class="quiet-text room-small">{words.leaveText}</p>
      </>
    )}
  </Card>
);

interface TurnProps extends Pick<Props, 'event' | 'busy' | 'onLeave'> {
  readonly view: RoomView & { readonly kind: 'called' | 'admitted' };
  readonly onComeIn: () => void;
}

/** For how many is said before a place is taken: it is what an admission is for. */
function Outside({ event, serving, drawsAtMs, busy, onJoin }: OutsideProps) {
  const most = Math.max(1, Math.min(serving.party_max, event.places_per_reservation_max));
  const [party, setParty] = useState(Math.min(2, most));
  return (
    <Card title={drawsAtMs === null ? words.joinLine : words.joinDraw}>
      {drawsAtMs !== null && (
        <>
          <p class="room-label">{words.drawIn}</p>
          <Clock untilMs={drawsAtMs} />
          <DrawTime {...{ event, serving }} />
        </>
      )}
      <p class="quiet-text">{drawsAtMs === null ? words.joinLineText : words.fair}</p>
      <Stepper
        label={words.howMany}
        value={party}
        least={1}
        most={most}
        shown={texts.people(party)}
        words={{ fewer: texts.fewer, more: texts.oneMore }}
        onChange={setParty}
      />
      <LargeButton disabled={busy} onClick={() => onJoin(party)}>
        {words.takePlace}
      </LargeButton>
      <p class="quiet-text room-small">{words.partyText}</p>
    </Card>
  );
}

interface OutsideProps extends Pick<Props, 'event' | 'busy' | 'onJoin'> {
  readonly serving: Serving;
  readonly drawsAtMs: number | null;
}

function InLine({ serving, place, view, busy, onLower }: InLineProps) {
  const { before, position, range } = view;
  return (
    <Card title={words.yourPlace} tone="good">
      {before === 0 ? (
        <p class="room-number room-words">{words.next}</p>
      ) : (
        <p class="room-number">
          <b>{count(before)}</b>
          <span>{words.beforeYou(before === 1)}</span>
        </p>
      )}
      <dl class="room-facts">
        <Fact name={words.place} value={count(position + 1)} />
        <Fact name={words.perMinute} value={count(Math.round(serving.called_per_minute))} />
        <Fact name={words.wait} value={range === null ? words.waitUnknown : rangeText(range)} />
      </dl>
      {serving.paused && <p class="room-note">{words.paused}</p>}
      <Together {...{ serving, busy, onLower }} party={place?.party ?? 1} />
      <Kept {...{ serving, place }} />
    </Card>
  );
}

/** A party that cannot sit together any more, and for how many its place is good still. */
function Together({ serving, party, busy, onLower }: TogetherProps) {
  const fit = fitOf(serving, party);
  if (fit === null || fit === 'now') return null;
  const fewer = largestFit(serving, party);
  const back = (serving.places_held ?? 0) + (serving.places_paying ?? 0);
  return (
    <div class="room-note" role="status">
      <p>{words.notTogether(texts.people(party))}</p>
      {fit === 'held' && <p>{words.mayComeBack(count(back), back === 1)}</p>}
      {fewer > 0 && (
        <button type="button" disabled={busy} onClick={() => onLower(fewer)}>
          {words.goOnFor(texts.people(fewer))}
        </button>
      )}
    </div>
  );
}

interface TogetherProps extends Pick<Props, 'busy' | 'onLower'> {
  readonly serving: Serving;
  readonly party: number;
}

interface InLineProps extends Pick<Props, 'busy' | 'onLower'> {
  readonly serving: Serving;
  readonly place: Place | null | undefined;
  readonly view: RoomView & { readonly kind: 'waiting' };
}

const Fact = ({ name, value }: { readonly name: string; readonly value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

/** What lets one close the page. */
const Kept = ({ serving, place }: Pick<InLineProps, 'serving' | 'place'>) => (
  <p class="quiet-text room-small">
    {words.party(texts.people(place?.party ?? 1))}. {words.kept}{' '}
    {words.claimText(minutesText(serving.claim_seconds))}
  </p>
);

const DrawTime = ({ event, serving }: { readonly event: EventDoc; readonly serving: Serving }) => (
  <p class="quiet-text">{words.drawAt(when(serving.draws_at, event.time_zone, 'short'))}</p>
);

function Clock({ untilMs }: { readonly untilMs: number }) {
  const ms = clock.remainingMs(untilMs);
  return (
    <p class="countdown" role="timer">
      {ms > 2 * dayMs ? texts.days(Math.floor(ms / dayMs)) : clockFace(ms)}
    </p>
  );
}

const LargeButton = ({ disabled, onClick, children }: LargeButtonProps) => (
  <button type="button" class="button-large" disabled={disabled} onClick={onClick}>
    {children}
  </button>
);

interface LargeButtonProps {
  readonly disabled: boolean;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}

const Card = ({ title, tone = 'plain', children }: CardProps) => (
  <section class={`room-card room-${tone}`}>
    <h2>{title}</h2>
    {children}
  </section>
);

interface CardProps {
  readonly title: string;
  readonly tone?: 'plain' | 'good' | 'turn';
  readonly children: ComponentChildren;
}

const Gone = ({ event, title, text }: GoneProps) => (
  <Card title={title}>
    <p>{text}</p>
    <a class="button button-large" href={paths.seats(event.event_id)}>
      {texts.chooseSeats}
    </a>
  </Card>
);

interface GoneProps {
  readonly event: EventDoc;
  readonly title: string;
  readonly text: string;
}
