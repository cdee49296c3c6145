import { InvalidArgumentError } from 'commander';

/** Parsers of option values, for commander. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`);
  };
}

const isoTime =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** ISO 8601 (UTC unless it says otherwise) or milliseconds since 1970. */
export function pointInTime(text: string): number {
  const ms = /^\d{12,14}$/.test(text) ? Number(text) : parseIso(text);
  if (Number.isFinite(ms)) return ms;
  throw new InvalidArgumentError('It must be a time such as 2027-03-01T19:30:00Z.');
}

/** NaN for what is no moment. Date.parse takes "foo 1", and makes March of 31 February. */
function parseIso(text: string): number {
  const [, date, time = '00:00', zone = 'Z'] = isoTime.exec(text) ?? [];
  if (date === undefined) return NaN;
  const midnightMs = Date.parse(`${date}T00:00:00Z`);
  if (!Number.isFinite(midnightMs) || isoOf(midnightMs).slice(0, 10) !== date) return NaN;
  return Date.parse(`${date}T${time}${zone.toUpperCase()}`);
}

export const isoOf = (ms: number): string => new Date(ms).toISOString();

export const plural = (count: number, word: string): string =>
  `${count} ${word}${count === 1 ? '' : 's'}`;
