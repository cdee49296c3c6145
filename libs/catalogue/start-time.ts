import { knowsZone, momentOf, offsetAt, zoneYearMin } from './time-zones/zone-clock.js';

/**
 * When an event starts, as its organiser wrote it: a moment, and the offset of the clock at the
 * venue. The offset is kept because people are told the time on the venue's wall, not theirs.
 */
export interface StartTime {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** East of Greenwich; null: written in UTC (`Z`), which says nothing about the venue. */
  readonly utcOffsetMinutes: number | null;
}

const timePattern =
  /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|([+-])(\d\d):(\d\d))$/;

/** A time of an event file; or what is wrong with it, to be read behind the field's name. */
export type ReadTime =
  | { readonly kind: 'read'; readonly time: StartTime; readonly note: string | null }
  | { readonly kind: 'wrong'; readonly message: string };

const localPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?$/;
export const timeHint = 'must be a time with a zone such as "2027-03-01T19:30:00+01:00"';

/**
 * A time with an offset, or by the clock of `zone`. The hour that a clock shows twice is the
 * earlier one, which the note says; one that it skips is refused with the two beside it.
 */
export function readTimeIn(text: string, zone: string | null): ReadTime {
  const clock = zone !== null && knowsZone(zone) === 'known' ? zone : null;
  const time = readStartTime(text);
  if (time !== null) return clock === null ? read(time) : onClock(time, clock);
  if (!localPattern.test(text)) return wrong(timeHint);
  if (zone === null) return wrong('has no offset, and the file no "time_zone"');
  if (clock === null || Number(text.slice(0, 4)) < zoneYearMin) {
    return wrong(`must have an offset: the clock of ${zone} is not known then`);
  }
  const wallMs = Date.parse(`${text}Z`);
  if (Number.isNaN(wallMs) || !wallClock(wallMs, 0).startsWith(text.slice(0, 10))) {
    return wrong('is a day that no calendar has');
  }
  const moment = momentOf(clock, wallMs);
  if (moment.kind === 'skipped') {
    const { before, after } = moment;
    return wrong(`does not exist: the clock of ${clock} goes from ${before} to ${after}`);
  }
  const { atMs, utcOffsetMinutes } = moment;
  if (moment.kind === 'once') return read({ atMs, utcOffsetMinutes });
  const [first, second] = [utcOffsetMinutes, moment.laterOffsetMinutes].map(offsetText);
  const note = `comes twice in ${clock}: taken as the earlier, ${first}; the later is ${second}`;
  return { kind: 'read', time: { atMs, utcOffsetMinutes }, note };
}

const read = (time: StartTime): ReadTime => ({ kind: 'read', time, note: null });
const wrong = (message: string): ReadTime => ({ kind: 'wrong', message });

function onClock({ atMs, utcOffsetMinutes }: StartTime, zone: string): ReadTime {
  if (atMs < Date.UTC(zoneYearMin, 0, 2)) return read({ atMs, utcOffsetMinutes });
  const shown = offsetAt(zone, atMs);
  if (utcOffsetMinutes === null || utcOffsetMinutes === shown) {
    return read({ atMs, utcOffsetMinutes: shown });
  }
  return wrong(`must have the offset that ${zone} has then, ${offsetText(shown)}`);
}

/** null without a zone, or for a day that no calendar has. */
export function readStartTime(text: string): StartTime | null {
  const parts = timePattern.exec(text);
  const atMs = parts === null ? NaN : Date.parse(text);
  if (parts === null || Number.isNaN(atMs)) return null;
  const [, day, sign, hours = '0', minutes = '0'] = parts;
  const size = Number(hours) * 60 + Number(minutes);
  const offset = sign === '-' ? -size : size;
  if (!wallClock(atMs, offset).startsWith(day)) return null;
  // "+ 0": a negative zero is no other offset.
  return { atMs, utcOffsetMinutes: sign === undefined ? null : offset + 0 };
}

/** RFC 3339 with the venue's offset, to the second: `2027-03-01T19:30:00+01:00`. */
export function startTimeText({ atMs, utcOffsetMinutes }: StartTime): string {
  const wall = wallClock(atMs, utcOffsetMinutes ?? 0).slice(0, 19);
  if (utcOffsetMinutes === null) return `${wall}Z`;
  return wall + offsetText(utcOffsetMinutes);
}

/** By the calendar at the venue, `2027-03-01`; in UTC where its clock is not known. */
export const startDay = ({ atMs, utcOffsetMinutes }: StartTime): string =>
  wallClock(atMs, utcOffsetMinutes ?? 0).slice(0, 10);

function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  const sign = minutes < 0 ? '-' : '+';
  return `${sign}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

const wallClock = (atMs: number, offsetMinutes: number): string =>
  new Date(atMs + offsetMinutes * 60_000).toISOString();

const twoDigits = (value: number): string => String(value).padStart(2, '0');
