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
  const size = Math.abs(utcOffsetMinutes);
  const sign = utcOffsetMinutes < 0 ? '-' : '+';
  return `${wall}${sign}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`;
}

const wallClock = (atMs: number, offsetMinutes: number): string =>
  new Date(atMs + offsetMinutes * 60_000).toISOString();

const twoDigits = (value: number): string => String(value).padStart(2, '0');
