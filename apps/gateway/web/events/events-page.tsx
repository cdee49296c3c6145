import { useEffect, useRef, useState } from 'preact/hooks';
import { count } from '../kit/format.js';
import { Empty, Failed, Heading } from '../kit/page-parts.js';
import { api, type EventSummary } from '../shop.js';
import { texts } from '../texts/texts.js';
import { EventCard } from './event-card.js';

const pageSize = 24;
/** After the last letter: who types on asks once. */
const typingMs = 160;
const kinds = ['concert', 'theatre', 'sport', 'film', 'family', 'other'] as const;
type Kind = (typeof kinds)[number];

interface Wish {
  readonly keyword: string;
  readonly type: Kind | null;
}

/** All events, searched while one types. What is wished for stands in the address. */
export function EventsPage() {
  const [wish, setWish] = useState(wishOf(location.search));
  const { events, total, failed, more, again } = useEvents(wish);
  useEffect(() => {
    const query = queryOf(wish);
    history.replaceState(null, '', query === '' ? '/' : `/?${query}`);
  }, [wish]);
  const wants = wish.keyword !== '' || wish.type !== null;
  return (
    <div class="wide">
      <header class="hero">
        <Heading title={texts.eventsTitle} />
        <p>{texts.eventsLead}</p>
        <SearchField keyword={wish.keyword} onInput={(keyword) => setWish({ ...wish, keyword })} />
        <Kinds chosen={wish.type} onChoose={(type) => setWish({ ...wish, type })} />
      </header>
      <p class="quiet-text found" role="status">
        {events !== null && total !== null ? texts.found(count(total), total === 1) : ''}
      </p>
      {failed && <Failed again={again} isPart />}
      {!failed && events === null && <Skeleton />}
      {events?.length === 0 && (
        <Empty
          title={wants ? texts.nothingFound(wish.keyword) : texts.nothingAtAll}
          text={wants ? texts.nothingHint : ''}
        />
      )}
      {events !== null && (
        <ul class="cards">
          {events.map((event) => (
            <EventCard key={event.event_id} event={event} />
          ))}
        </ul>
      )}
      {more !== null && (
        <p class="centre">
          <button type="button" class="quiet" onClick={more}>
            {texts.more}
          </button>
        </p>
      )}
    </div>
  );
}

function SearchField({ keyword, onInput }: SearchProps) {
  return (
    <form role="search" class="search" onSubmit={(event) => event.preventDefault()}>
      <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <circle cx="10.5" cy="10.5" r="6.5" />
        <path d="m15.5 15.5 5 5" />
      </svg>
      <input
        type="search"
        value={keyword}
        aria-label={texts.search}
        placeholder={texts.search}
        autocomplete="off"
        maxLength={100}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </form>
  );
}

interface SearchProps {
  readonly keyword: string;
  readonly onInput: (keyword: string) => void;
}

const Kinds = ({ chosen, onChoose }: KindsProps) => (
  <div class="chips">
    {[null, ...kinds].map((kind) => (
      <button
        key={kind ?? 'all'}
        type="button"
        class="chip"
        aria-pressed={kind === chosen}
        onClick={() => onChoose(kind)}
      >
        {kind === null ? texts.all : texts.types[kind]}
      </button>
    ))}
  </div>
);

interface KindsProps {
  readonly chosen: Kind | null;
  readonly onChoose: (kind: Kind | null) => void;
}

const Skeleton = () => (
  <ul class="cards" aria-hidden="true">
    {[0, 1, 2, 3, 4, 5].map((at) => (
      <li key={at} class="card card-empty" />
    ))}
  </ul>
);

/** What was found last stays while the next is asked for: nothing jumps while one types. */
function useEvents(wish: Wish) {
  const [events, setEvents] = useState<readonly EventSummary[] | null>(null);
  const [total, setTotal] = useState<number | null>(null);
  const [failed, setFailed] = useState(false);
  const [pages, setPages] = useState(1);
  const [turn, setTurn] = useState(0);
  const asked = useRef(0);
  const shown = useRef<Wish>(wish);
  const wished = shown.current === wish ? pages : 1;
  useEffect(() => {
    const mine = (asked.current += 1);
    const isNew = shown.current !== wish;
    shown.current = wish;
    if (isNew) setPages(1);
    const ask = async () => {
      const query = {
        ...(wish.keyword.trim() === '' ? {} : { keyword: wish.keyword.trim() }),
        ...(wish.type === null ? {} : { type: wish.type }),
        ...{ page: wished, page_size: pageSize },
      };
      const answer = await api.get('/v1/events', { query });
      if (mine !== asked.current) return;
      setFailed(answer?.status !== 200);
      if (answer?.status !== 200) return;
      const { body } = answer;
      setTotal(answer.total ?? body.length);
      setEvents((before) => (wished === 1 ? body : [...(before ?? []), ...body]));
    };
    const timer = setTimeout(() => void ask(), isNew ? typingMs : 0);
    return () => clearTimeout(timer);
  }, [wish, wished, turn]);
  const hasMore = events !== null && total !== null && events.length < total;
  return {
    ...{ events, total, failed },
    more: hasMore ? () => setPages(wished + 1) : null,
    again: () => setTurn(turn + 1),
  };
}

function wishOf(search: string): Wish {
  const query = new URLSearchParams(search);
  const type = kinds.find((kind) => kind === query.get('type')) ?? null;
  return { keyword: query.get('q') ?? '', type };
}

const queryOf = ({ keyword, type }: Wish): string =>
  new URLSearchParams({
    ...(keyword === '' ? {} : { q: keyword }),
    ...(type === null ? {} : { type }),
  }).toString();
