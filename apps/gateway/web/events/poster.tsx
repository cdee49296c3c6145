import type { EventSummary } from '../shop.js';
import { ownPicture } from '../shop.js';

/**
 * The picture of an event; without one a poster of its own, drawn from its name and kind, the same
 * each time.
 */
export function Poster({ event, url, large = false }: Props) {
  const own = ownPicture(url);
  const shade = hashOf(event.event_id) % 6;
  return (
    <div class={`poster poster-${shade}${large ? ' poster-large' : ''}`} aria-hidden="true">
      {own === null ? (
        <svg viewBox="0 0 320 200" preserveAspectRatio="xMidYMid slice" focusable="false">
          {figureOf(event)(hashOf(event.name))}
        </svg>
      ) : (
        <img src={own} alt="" loading={large ? 'eager' : 'lazy'} decoding="async" />
      )}
    </div>
  );
}

interface Props {
  readonly event: Pick<EventSummary, 'event_id' | 'name' | 'type'>;
  readonly url: string | null;
  readonly large?: boolean;
}

type Figure = (seed: number) => preact.JSX.Element;
const steps = [0, 1, 2, 3, 4, 5, 6];

const figures: Readonly<Record<EventSummary['type'], Figure>> = {
  concert: (seed) => (
    <g>
      {steps.map((at) => (
        <circle class="ink" cx={60 + (seed % 200)} cy="150" r={24 + at * 26} />
      ))}
      <circle class="sun" cx={60 + (seed % 200)} cy="150" r="18" />
    </g>
  ),
  theatre: (seed) => (
    <g>
      {steps.map((at) => (
        <path class="ink" d={`M${at * 56 - 20} -10 q ${28 + (seed % 20)} 110 0 220`} />
      ))}
      <ellipse class="sun" cx="160" cy="214" rx={90 + (seed % 50)} ry="46" />
    </g>
  ),
  sport: (seed) => (
    <g>
      <rect class="ink" x="30" y="24" width="260" height="152" rx="10" />
      <path class="ink" d="M160 24v152M30 66h44v68h-44M290 66h-44v68h44" />
      <circle class="ink" cx="160" cy="100" r="34" />
      <circle class="sun" cx={80 + (seed % 160)} cy={60 + (seed % 80)} r="11" />
    </g>
  ),
  film: (seed) => (
    <g>
      {steps.map((at) => (
        <path class="ink" d={`M-10 ${at * 34} L330 ${at * 34 - 60 + (seed % 40)}`} />
      ))}
      <rect class="sun" x="120" y="70" width="80" height="60" rx="6" />
    </g>
  ),
  family: (seed) => (
    <g>
      {steps.map((at) => (
        <circle
          class="ink"
          cx={(at * 67 + seed) % 320}
          cy={(at * 43 + seed) % 200}
          r={14 + at * 5}
        />
      ))}
      <circle class="sun" cx="160" cy="100" r="26" />
    </g>
  ),
  other: (seed) => (
    <g>
      {steps.map((at) => (
        <path class="ink" d={`M${-40 + at * 60} 210 L${60 + at * 60 + (seed % 30)} -10`} />
      ))}
      <circle class="sun" cx={90 + (seed % 190)} cy="104" r="28" />
    </g>
  ),
};

const anyKind = [figures.concert, figures.theatre, figures.family, figures.other];

/** What has no kind gets any of them, always the same. */
const figureOf = ({ type, event_id: id }: Props['event']): Figure =>
  type === 'other' ? anyKind[hashOf(id) % anyKind.length] : figures[type];

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619);
  return hash >>> 0;
}
