import { InvalidArgumentError } from 'commander';

/** Parsers of option values, for commander. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a number from ${min} to ${max}.`);
  };
}

/** ISO 8601 (UTC unless it says otherwise) or milliseconds since 1970. */
export function pointInTime(text: string): number {
  const iso = /^\d{4}-\d{2}-\d{2}$|[Zz]$|[+-]\d{2}:?\d{2}$/.test(text) ? text : `${text}Z`;
  const ms = /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(iso);
  if (Number.isFinite(ms)) return ms;
  throw new InvalidArgumentError('It must be a time such as 2027-03-01T19:30:00Z.');
}

export const isoOf = (ms: number): string => new Date(ms).toISOString();

export const plural = (count: number, word: string): string =>
  `${count} ${word}${count === 1 ? '' : 's'}`;
