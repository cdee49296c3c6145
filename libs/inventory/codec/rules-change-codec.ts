import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import type { ChangeRules } from '../commands.js';
import type { AreaIndex, MinorUnits } from '../ids.js';
import type { EventRules } from '../layout.js';
import type { Quote } from '../refusal-codes.js';
import { readQuote, writeQuote } from './refusal-codec.js';
import {
  readRelease,
  readRules,
  readTexts,
  writeRelease,
  writeRules,
  writeTexts,
} from './rules-codec.js';

/**
 * What commands and answers about rules and prices say, as bytes for the wire: the same spelling as
 * in facts, so that there is one of each. Decoders throw CorruptBytes.
 */
export function encodeRules(rules: EventRules): Uint8Array {
  return bytesOf((to) => writeRules(to, rules));
}

export function decodeRules(bytes: Uint8Array): EventRules {
  return readAll(bytes, readRules);
}

export function encodeQuote(quote: Quote): Uint8Array {
  return bytesOf((to) => writeQuote(to, quote));
}

export function decodeQuote(bytes: Uint8Array): Quote {
  return readAll(bytes, readQuote);
}

type Patch = ChangeRules['rules'];

const numbers = [
  'holdTtlMs',
  'holdTtlMsMax',
  'paymentTtlMs',
  'placesPerHoldMax',
  'placesPerBuyerMax',
  'wheelchairsPerBuyerMax',
] as const satisfies readonly (keyof Patch)[];
const times = ['opensAtMs', 'endsAtMs'] as const satisfies readonly (keyof Patch)[];

/** Every field is announced by a byte: 0 when it is not said. */
export function encodeRulesChange({ rules, capacities, texts }: ChangeRules): Uint8Array {
  return bytesOf((to) => {
    to.uint(rules.prices === undefined ? 0 : rules.prices.length + 1);
    for (const price of rules.prices ?? []) to.uint(price + 1);
    for (const field of times) {
      const time = rules[field];
      to.byte(time === undefined ? 0 : time === null ? 1 : 2);
      if (time !== undefined && time !== null) to.uint(time);
    }
    for (const field of numbers) {
      const number = rules[field];
      to.byte(number === undefined ? 0 : 1);
      if (number !== undefined) to.uint(number);
    }
    to.byte(choices.indexOf(rules.strandedSingles) + 1);
    to.byte(choices.indexOf(rules.buyers) + 1);
    to.byte(rules.accessibleRelease === undefined ? 0 : 1);
    if (rules.accessibleRelease !== undefined) writeRelease(to, rules.accessibleRelease);
    to.uint(capacities.length);
    for (const { area, capacity } of capacities) {
      to.uint(area);
      to.uint(capacity);
    }
    writeTexts(to, texts);
    // Behind all else, and only when it is said: who does not know it refuses the command.
    const { placesPerAddressMax: atAddress } = rules;
    if (atAddress !== undefined) to.uint(atAddress === null ? 0 : atAddress + 1);
  });
}

const choices: readonly (string | undefined)[] = ['refuse', 'allow', 'guest', 'verified'];

export function decodeRulesChange(bytes: Uint8Array): ChangeRules {
  return readAll(bytes, (from) => {
    const rules: Record<string, unknown> = {};
    const prices = from.size(1);
    if (prices > 0) {
      rules['prices'] = Array.from({ length: prices - 1 }, () => (from.uint() - 1) as MinorUnits);
    }
    for (const field of times) {
      const head = from.below(3);
      if (head > 0) rules[field] = head === 1 ? null : from.uint();
    }
    for (const field of numbers) if (from.below(2) === 1) rules[field] = from.uint();
    for (const field of ['strandedSingles', 'buyers']) {
      const choice = from.below(choices.length + 1);
      if (choice > 0) rules[field] = choices[choice - 1];
    }
    if (from.below(2) === 1) rules['accessibleRelease'] = readRelease(from);
    const capacities = Array.from({ length: from.size(2) }, () => {
      return { area: from.uint() as AreaIndex, capacity: from.uint() };
    });
    const texts = readTexts(from);
    if (!from.isAtEnd) {
      const atAddress = from.uint();
      rules['placesPerAddressMax'] = atAddress === 0 ? null : atAddress - 1;
    }
    return { type: 'ChangeRules', rules, capacities, texts };
  });
}

function bytesOf(write: (to: ByteWriter) => void): Uint8Array {
  const to = new ByteWriter();
  write(to);
  return to.take();
}

function readAll<Value>(bytes: Uint8Array, read: (from: ByteReader) => Value): Value {
  const from = new ByteReader(bytes);
  const value = read(from);
  return from.isAtEnd ? value : from.fail('bytes after the end');
}
