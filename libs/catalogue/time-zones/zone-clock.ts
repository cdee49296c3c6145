import { moonZones, zoneRules } from './zone-rules.js';

/**
 * What the clock on a venue's wall shows, by IANA zone, from 2026 on: the rules are those of
 * zone-rules.ts, pinned, whatever tables the Node release brings.
 *
 * ZC1  The hour that a clock skips names no moment: it is refused, with the two beside it.
 * ZC2  The hour that it shows twice means the earlier one, and the caller is told.
 */
export type WallMoment =
  | { readonly kind: 'once'; readonly atMs: number; readonly utcOffsetMinutes: number }
  /** The earlier of two; `later` is the other. */
  | {
      readonly kind: 'twice';
      readonly atMs: number;
      readonly utcOffsetMinutes: number;
      readonly laterOffsetMinutes: number;
    }
  /** The last minute that the clock shows before the gap, and the first after it; wall times. */
  | { readonly kind: 'skipped'; readonly before: string; readonly after: string };

/** The clock's offsets east of Greenwich through a year. */
interface ZoneRule {
  readonly standardMinutes: number;
  readonly summer: null | {
    readonly minutes: number;
    readonly begins: Change;
    readonly ends: Change;
  };
}

/** POSIX `Mm.w.d/time`: the w-th (5 = last) weekday d of month m, at this wall time. */
interface Change {
  readonly month: number;
  readonly week: number;
  readonly weekday: number;
  readonly minutes: number;
}

export const zoneYearMin = 2026;
export type ZoneKnown = 'known' | 'moon' | 'unknown';

export function knowsZone(zone: string): ZoneKnown {
  if (moonZones.includes(zone)) return 'moon';
  return rules().has(zone) ? 'known' : 'unknown';
}

/** Of a zone that is known. */
export function offsetAt(zone: string, atMs: number): number {
  const { standardMinutes, summer } = ruleOf(zone);
  if (summer === null) return standardMinutes;
  const year = new Date(atMs + standardMinutes * minuteMs).getUTCFullYear();
  const begins = changeMs(year, summer.begins, standardMinutes);
  const ends = changeMs(year, summer.ends, summer.minutes);
  const inSummer = begins < ends ? atMs >= begins && atMs < ends : atMs >= begins || atMs < ends;
  return inSummer ? summer.minutes : standardMinutes;
}

/** `wallMs`: the wall time, read as if it were UTC. Of a zone that is known. */
export function momentOf(zone: string, wallMs: number): WallMoment {
  const { standardMinutes, summer } = ruleOf(zone);
  const offsets = [...new Set([standardMinutes, summer?.minutes ?? standardMinutes])];
  const fitting = offsets
    .filter((offset) => offsetAt(zone, wallMs - offset * minuteMs) === offset)
    .sort((a, b) => b - a);
  const [earlier, later] = fitting;
  if (earlier === undefined) return skipped(zone, wallMs, Math.min(...offsets));
  const atMs = wallMs - earlier * minuteMs;
  if (later === undefined) return { kind: 'once', atMs, utcOffsetMinutes: earlier };
  return { kind: 'twice', atMs, utcOffsetMinutes: earlier, laterOffsetMinutes: later };
}

/** Of an offset alone: the zone that keeps to it all year. null: none has such a name. */
export function zoneOfOffset(utcOffsetMinutes: number | null): string | null {
  if (utcOffsetMinutes === null || utcOffsetMinutes === 0) return 'Etc/UTC';
  const hours = utcOffsetMinutes / 60;
  const name = `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`;
  return Number.isInteger(hours) && rules().has(name)
    ? name
    : (oddOffsets.get(utcOffsetMinutes) ?? null);
}

const oddOffsets = new Map([
  [-570, 'Pacific/Marquesas'],
  [210, 'Asia/Tehran'],
  [270, 'Asia/Kabul'],
  [330, 'Asia/Kolkata'],
  [345, 'Asia/Kathmandu'],
  [390, 'Asia/Yangon'],
  [525, 'Australia/Eucla'],
  [570, 'Australia/Darwin'],
]);

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** By the smaller offset the moment is after the gap's begin: how far, in wall time, it is in. */
function skipped(zone: string, wallMs: number, smallerMinutes: number): WallMoment {
  const laterMs = wallMs - smallerMinutes * minuteMs;
  let beginMs = laterMs - (laterMs % minuteMs);
  const after = offsetAt(zone, beginMs);
  while (offsetAt(zone, beginMs - minuteMs) === after) beginMs -= minuteMs;
  const before = offsetAt(zone, beginMs - minuteMs);
  return {
    kind: 'skipped',
    before: wallText(beginMs - minuteMs + before * minuteMs),
    after: wallText(beginMs + after * minuteMs),
  };
}

const wallText = (wallMs: number): string => new Date(wallMs).toISOString().slice(0, 16);

function changeMs(year: number, change: Change, offsetMinutes: number): number {
  const { month, week, weekday, minutes } = change;
  const first = Date.UTC(year, month - 1, 1);
  const days = Math.round((Date.UTC(year, month, 1) - first) / dayMs);
  let day = ((weekday - new Date(first).getUTCDay() + 7) % 7) + (week - 1) * 7;
  while (day >= days) day -= 7;
  return first + day * dayMs + (minutes - offsetMinutes) * minuteMs;
}

function ruleOf(zone: string): ZoneRule {
  const rule = rules().get(zone);
  if (rule === undefined) throw new Error('a zone that is asked for is known');
  return rule;
}

let read: ReadonlyMap<string, ZoneRule> | null = null;

function rules(): ReadonlyMap<string, ZoneRule> {
  read ??= new Map(
    zoneRules
      .trim()
      .split(/\n(?! )/)
      .flatMap((block) => {
        const [rule, ...zones] = block.split(/\s+/);
        const parsed = parsePosix(rule);
        return zones.map((zone): [string, ZoneRule] => [zone, parsed]);
      }),
  );
  return read;
}

const posix =
  /^(?:<[^>]+>|[A-Za-z]+)(-?[\d:]+)(?:(?:<[^>]+>|[A-Za-z]+)(-?[\d:]+)?,M([^,]+),M([^,]+))?$/;

/** `CET-1CEST,M3.5.0,M10.5.0/3`; offsets of POSIX are west of Greenwich. */
function parsePosix(text: string): ZoneRule {
  const [, standard, summer, begins, ends] = posix.exec(text) ?? [];
  const standardMinutes = 0 - minutesOf(standard);
  if (begins === undefined) return { standardMinutes, summer: null };
  const minutes = summer === undefined ? standardMinutes + 60 : 0 - minutesOf(summer);
  return {
    standardMinutes,
    summer: { minutes, begins: changeOf(begins), ends: changeOf(ends) },
  };
}

function changeOf(text: string): Change {
  const [date, time = '2'] = text.split('/');
  const [month, week, weekday] = date.split('.').map(Number);
  return { month, week, weekday, minutes: minutesOf(time) };
}

function minutesOf(text: string): number {
  const [hours, minutes = 0] = text.replace('-', '').split(':').map(Number);
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
