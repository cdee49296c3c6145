/**
 * RFC 3339 in UTC with milliseconds, the only form of time in the API. Deadlines of holds made in
 * the same minute share their first part, which is therefore made once a minute and not per hold.
 */
let minute = -1;
let prefix = '';

export function isoTime(timeMs: number): string {
  const wanted = Math.floor(timeMs / 60_000);
  if (wanted !== minute) {
    prefix = new Date(wanted * 60_000).toISOString().slice(0, 17);
    minute = wanted;
  }
  const rest = Math.floor(timeMs - wanted * 60_000);
  const seconds = Math.floor(rest / 1000);
  const millis = rest % 1000;
  return `${prefix}${seconds < 10 ? '0' : ''}${seconds}.${padded(millis)}Z`;
}

function padded(millis: number): string {
  if (millis < 10) return `00${millis}`;
  return millis < 100 ? `0${millis}` : `${millis}`;
}
