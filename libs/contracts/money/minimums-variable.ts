import { Type } from 'typebox';
import { minimumsWith, publishedMinimums, type MinimumCharges } from './stripe-charging.js';

/** Of every process that charges or checks prices; in JSON, amounts like those of price files. */
export const minimumAmounts = Type.Record(Type.String(), Type.String(), {
  description: 'JSON such as {"EUR": "0.30"} is needed',
});

/** RangeError: names the currency that makes no sense. */
export function minimumsOfVariable(
  texts: Readonly<Record<string, string>> | undefined,
): MinimumCharges {
  return texts === undefined ? publishedMinimums : minimumsWith(texts);
}
