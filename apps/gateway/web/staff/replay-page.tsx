import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { SaleReplay } from '#libs/seat-map/sale-replay.js';
import { count, moment } from '../kit/format.js';
import { Failed, Heading, Waiting } from '../kit/page-parts.js';
import { paths } from '../kit/router.js';
import { useLoaded } from '../kit/use-loaded.js';
import { Legend } from '../seats/legend.js';
import type { MapView } from '../seats/map-view.js';
import { fetchPlan, type SalePlan } from '../seats/sale-line.js';
import { SeatMap } from '../seats/seat-map.js';
import { saleOf, type Sale } from '../seats/use-sale.js';
import type { EventDoc } from '../shop.js';
import { texts as shopTexts } from '../texts/texts.js';
import { StaffDoor, useStaff } from './staff-door.js';
import { staffTexts as texts } from './staff-texts.js';
import { useCourse } from './use-course.js';

const speeds = [1, 5, 20, 100, 500] as const;
/** Counts and lists follow the map so often; its pixels follow at once. */
const wordsMs = 250;

/** A sale on its map, from its journal, at any moment and at any speed. */
export function ReplayPage({ eventId }: { readonly eventId: string }) {
  const { token, isRefused, enter, refuse } = useStaff();
  const loaded = useLoaded(eventId, async () => {
    const plan = await fetchPlan(eventId);
    return plan == null ? plan : saleOf(forEverybody(plan));
  });
  if (token === null) {
    const door = { role: 'organiser', isRefused, onToken: enter } as const;
    return <StaffDoor title={texts.replay} {...door} />;
  }
  if (loaded.state === 'loading') return <Waiting />;
  if (loaded.state === 'failed') return <Failed {...loaded} />;
  return <Course sale={loaded.value} token={token} onRefused={refuse} />;
}

/** A buyer's map bars what is not for him; here a free seat is a free seat. */
const forEverybody = ({ event, document }: SalePlan): SalePlan => ({
  event: { ...event, accessible_release: 'sold_out' },
  document,
});

function Course({ sale: { event, model }, token, onRefused }: CourseProps) {
  const areas = event.areas.length;
  const replay = useMemo(() => new SaleReplay(model.plan.seatCount, areas), [model]);
  const view = useRef<MapView | null>(null);
  const isWhole = useCourse(event.event_id, replay, token, onRefused);
  const player = usePlayer(replay, (changed) => {
    model.setStatuses(changed, replay.statuses);
    view.current?.paint();
  });
  useEffect(() => {
    model.setAll(replay.statuses, true);
    view.current?.paint();
  }, [model]);
  model.signs.count();
  return (
    <div class="sale">
      <header class="sale-head">
        <a class="quiet-link" href={paths.event(event.event_id)}>
          ← {shopTexts.back}
        </a>
        <p class={isWhole ? 'live live-live' : 'live'} role="status">
          {isWhole ? texts.steps(count(replay.stepCount)) : texts.reading(count(replay.stepCount))}
        </p>
        <div class="sale-title">
          <Heading title={`${texts.replay}: ${event.name}`}>{event.name}</Heading>
        </div>
      </header>
      {replay.isCut && <p class="bar-notice">{texts.cut}</p>}
      <div class="sale-body">
        <div class="sale-party">
          <Tally event={event} replay={replay} />
        </div>
        <div class="sale-list">
          <Legend model={model} />
        </div>
        <SeatMap model={model} view={view} onTap={() => undefined} beginsWhole />
      </div>
      {replay.stepCount === 0 ? (
        <p class="bar">{isWhole ? texts.noSteps : shopTexts.loading}</p>
      ) : (
        <Player {...{ event, replay, player }} />
      )}
    </div>
  );
}

interface CourseProps {
  readonly sale: Sale;
  readonly token: string;
  readonly onRefused: () => void;
}

function Tally({ event, replay }: Pick<PlayerProps, 'event' | 'replay'>) {
  const counts = [0, 0, 0, 0];
  for (const status of replay.statuses) counts[status] += 1;
  const [free, held, sold] = counts.map(count);
  return (
    <>
      <p class="stamp tally-sale">{texts.sale[replay.sale]}</p>
      <dl class="tally">
        <div>
          <dt>{texts.free}</dt>
          <dd>{free}</dd>
        </div>
        <div>
          <dt>{texts.held}</dt>
          <dd>{held}</dd>
        </div>
        <div>
          <dt>{texts.sold}</dt>
          <dd>{sold}</dd>
        </div>
      </dl>
      {event.areas.map(({ name }, area) => {
        const places = replay.areaAt(area);
        return <p key={name}>{texts.area(name, count(places.held), count(places.booked))}</p>;
      })}
    </>
  );
}

function Player({ event, replay, player }: PlayerProps) {
  const { isPlaying, speed, setPlaying, setSpeed, seek } = player;
  const { fromMs, toMs, atMs } = replay;
  const zone = event.time_zone;
  return (
    <section class="bar player" aria-label={texts.replay}>
      <button type="button" onClick={() => setPlaying(!isPlaying)}>
        {isPlaying ? texts.pause : texts.play}
      </button>
      <input
        type="range"
        aria-label={texts.moment}
        aria-valuetext={moment(atMs, zone)}
        min={0}
        max={Math.max(1, toMs - fromMs)}
        step={Math.max(1, Math.round((toMs - fromMs) / 1_000))}
        value={atMs - fromMs}
        onInput={(input) => seek(fromMs + Number(input.currentTarget.value))}
      />
      <span class="player-time">{moment(atMs, zone)}</span>
      <label class="field">
        <span class="unseen">{texts.speed}</span>
        <select value={speed} onChange={(change) => setSpeed(Number(change.currentTarget.value))}>
          {speeds.map((factor) => (
            <option key={factor} value={factor}>
              {texts.times(factor)}
            </option>
          ))}
        </select>
      </label>
    </section>
  );
}

interface PlayerProps {
  readonly event: EventDoc;
  readonly replay: SaleReplay;
  readonly player: ReturnType<typeof usePlayer>;
}

/** Moves the replay as time goes by. `paint` hears at once what changed, the page a bit later. */
function usePlayer(replay: SaleReplay, paint: (changed: readonly number[]) => void) {
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<number>(20);
  const [, setTurn] = useState(0);
  const refresh = () => setTurn((turn) => turn + 1);
  const seek = (ms: number) => {
    paint(replay.seek(ms));
    refresh();
  };
  useEffect(() => {
    if (!isPlaying) return undefined;
    if (replay.atMs >= replay.toMs) paint(replay.seek(replay.fromMs));
    let [beforeMs, toldMs, frame] = [performance.now(), 0, 0];
    const step = (nowMs: number) => {
      const goneMs = Math.max(0, nowMs - beforeMs) * speed;
      beforeMs = nowMs;
      paint(replay.seek(Math.min(replay.toMs, replay.atMs + goneMs)));
      if (nowMs - toldMs > wordsMs) {
        toldMs = nowMs;
        refresh();
      }
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, speed, replay]);
  return { isPlaying, speed, setPlaying, setSpeed, seek };
}
