import type { ContestLine } from '../peers/contest-lines.js';
import { escape } from './escape.js';
import { labelOf } from './labels.js';

/**
 * Plots as inline SVG: 360 units wide, so that their text is readable on a telephone, and scaled up
 * at most by a third. Each has a title that says what it shows to whoever does not see it.
 */
const width = 360;
const left = 4;
const rowHeight = 34;
const barHeight = 12;
const colours = [
  '#2b6cb0',
  '#c05621',
  '#2f855a',
  '#805ad5',
  '#b7791f',
  '#718096',
  '#d53f8c',
  '#319795',
  '#744210',
  '#9ae6b4',
];
const ownColour = '#c53030';

interface Bar {
  readonly label: string;
  readonly text: string;
  readonly own: boolean;
  /** From 0; pieces lie one behind the other. */
  readonly pieces: readonly { readonly value: number; readonly colour: string }[];
  readonly band?: readonly [number, number];
}

/** Accepted holds a second, with the worst and the best round. */
export function ratePlot(title: string, lines: readonly ContestLine[]): string {
  const bars = lines.map((line): Bar => {
    const { median, min, max } = line.acceptedPerSecond;
    const own = line.competitor === 'holdfast';
    const pieces = [{ value: median, colour: own ? ownColour : colours[0] }];
    return { label: labelOf(line), text: whole(median), own, pieces, band: [min, max] };
  });
  return barPlot(title, bars);
}

/** CPU of a hold in microseconds, by process. */
export function cpuPlot(title: string, lines: readonly ContestLine[]): string {
  const told = lines.flatMap((line) =>
    line.cpuUsPerHold === null ? [] : [{ line, use: line.cpuUsPerHold }],
  );
  const names = [...new Set(told.flatMap(({ use }) => Object.keys(use)))].sort();
  const colourOf = (name: string) => colours[names.indexOf(name) % colours.length];
  const bars = told.map(({ line, use }): Bar => {
    const pieces = Object.entries(use).map(([name, us]) => {
      return { value: Math.max(0, us), colour: colourOf(name) };
    });
    const sum = pieces.reduce((all, { value }) => all + value, 0);
    const own = line.competitor === 'holdfast';
    return { label: labelOf(line), text: `${sum.toFixed(1)} us`, own, pieces };
  });
  const legend = names.map(
    (name) => `<span><i style="background:${colourOf(name)}"></i>${escape(name)}</span>`,
  );
  return `${barPlot(title, bars)}<p class="legend">${legend.join(' ')}</p>`;
}

function barPlot(title: string, bars: readonly Bar[]): string {
  const room = width - left - 78;
  const most = Math.max(1, ...bars.map(lengthOf));
  const x = (value: number) => round(left + (value / most) * room);
  const rows = bars.map((bar, row) => {
    const top = row * rowHeight;
    const middle = top + 20 + barHeight / 2;
    const [low, high] = bar.band ?? [0, 0];
    const whisker =
      bar.band === undefined
        ? ''
        : `<path d="M${x(low)} ${middle}H${x(high)}M${x(low)} ${middle - 4}v8M${x(high)} ` +
          `${middle - 4}v8" stroke="#1a202c" fill="none"/>`;
    let from = 0;
    const pieces = bar.pieces.map(({ value, colour }) => {
      const start = x(from);
      from += value;
      const size = round(x(from) - start);
      const place = `x="${start}" y="${top + 20}" width="${size}" height="${barHeight}"`;
      return `<rect ${place} fill="${colour}"/>`;
    });
    const weight = bar.own ? ' font-weight="700"' : '';
    const end = round(x(lengthOf(bar)) + 5);
    return (
      `<text x="${left}" y="${top + 15}"${weight}>${escape(bar.label)}</text>${pieces.join('')}` +
      `${whisker}<text x="${end}" y="${top + 30}"${weight}>${escape(bar.text)}</text>`
    );
  });
  return svg(title, bars.length * rowHeight + 6, rows.join(''));
}

const lengthOf = ({ pieces, band }: Bar): number =>
  Math.max(
    band?.[1] ?? 0,
    pieces.reduce((all, { value }) => all + value, 0),
  );

/** p50, p99 and p99.9 of accepted holds, on a logarithmic scale. */
export function latencyPlot(title: string, lines: readonly ContestLine[]): string {
  const values = lines.flatMap(({ p50Us, p99Us, p999Us }) => [p50Us, p99Us, p999Us]);
  const scale = logScale(values, left + 4, width - 12);
  const height = lines.length * rowHeight;
  const rows = lines.map((line, row) => {
    const y = row * rowHeight + 24;
    const at = [line.p50Us, line.p99Us, line.p999Us].map(scale.at);
    const own = line.competitor === 'holdfast';
    const colour = own ? ownColour : colours[0];
    const dots = at.map((x, i) => `<circle cx="${x}" cy="${y}" r="${5 - i}" fill="${colour}"/>`);
    const weight = own ? ' font-weight="700"' : '';
    return (
      `<text x="${left}" y="${y - 9}"${weight}>${escape(labelOf(line))}</text>` +
      `<path d="M${at[0]} ${y}H${at[2]}" stroke="${colour}"/>${dots.join('')}`
    );
  });
  return svg(title, height + 26, gridOf(scale.marks, height) + rows.join(''));
}

/** Each competitor's rate against its p99: right and low is better. */
export function tradePlot(title: string, lines: readonly ContestLine[]): string {
  const height = 240;
  const most = Math.max(1, ...lines.map(({ acceptedPerSecond }) => acceptedPerSecond.median));
  const x = (value: number) => round(40 + (value / most) * (width - 60));
  const scale = logScale(
    lines.map(({ p99Us }) => p99Us),
    height - 30,
    14,
  );
  const marks = scale.marks.map(
    ({ at, text }) =>
      `<path d="M40 ${at}H${width}" stroke="#e2e8f0"/><text x="0" y="${at + 4}">${text}</text>`,
  );
  const dots = lines.map((line, i) => {
    const own = line.competitor === 'holdfast';
    const [cx, cy] = [x(line.acceptedPerSecond.median), scale.at(line.p99Us)];
    return (
      `<circle cx="${cx}" cy="${cy}" r="${own ? 6 : 5}" fill="${own ? ownColour : colours[0]}">` +
      `<title>${escape(labelOf(line))}</title></circle>` +
      `<text x="${cx}" y="${cy - 8}" text-anchor="middle">${i + 1}</text>`
    );
  });
  const axis =
    `<text x="40" y="${height - 6}">0</text>` +
    `<text x="${width}" y="${height - 6}" text-anchor="end">${whole(most)} held/s</text>`;
  const legend = lines.map((line, i) => `<span>${i + 1} ${escape(labelOf(line))}</span>`);
  const picture = svg(title, height, marks.join('') + dots.join('') + axis);
  return `${picture}<p class="legend">${legend.join(' ')}</p>`;
}

interface LogScale {
  readonly at: (us: number) => number;
  readonly marks: readonly { readonly at: number; readonly text: string }[];
}

/** From the power of ten below the least to the one above the most. */
function logScale(valuesUs: readonly number[], from: number, to: number): LogScale {
  const sound = valuesUs.filter((value) => value > 0);
  const low = Math.floor(Math.log10(Math.min(1_000, ...sound)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(1_000, ...sound))));
  const at = (us: number) =>
    round(from + ((Math.log10(Math.max(us, 10 ** low)) - low) / (high - low)) * (to - from));
  const powers = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  return { at, marks: powers.map((us) => ({ at: at(us), text: milliseconds(us) })) };
}

const gridOf = (marks: LogScale['marks'], height: number): string =>
  marks
    .map(
      ({ at, text }) =>
        `<path d="M${at} 0V${height}" stroke="#e2e8f0"/>` +
        `<text x="${at}" y="${height + 16}" text-anchor="${anchorAt(at)}">${text}</text>`,
    )
    .join('');

const anchorAt = (x: number): string => (x < 40 ? 'start' : x > width - 40 ? 'end' : 'middle');

const svg = (title: string, height: number, inside: string): string =>
  `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">` +
  `<title>${escape(title)}</title>${inside}</svg>`;

const round = (value: number): number => Math.round(value * 10) / 10;
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const milliseconds = (us: number): string => `${us / 1_000} ms`;
