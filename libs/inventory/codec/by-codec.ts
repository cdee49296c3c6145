import { byBuyer, bySystem, byUnnamedOperator, type By } from '../by.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';

/** Stored numbers. Only an operator has a name, which follows. */
const buyer = 0;
const system = 1;
const operator = 2;

export function writeBy(to: ByteWriter, by: By): void {
  if (by.role === 'operator') {
    to.byte(operator);
    to.text(by.name);
  } else {
    to.byte(by.role === 'buyer' ? buyer : system);
  }
}

export function readBy(from: ByteReader): By {
  const role = from.byte();
  if (role === buyer) return byBuyer;
  if (role === system) return bySystem;
  if (role !== operator) from.fail('nobody who causes facts');
  const name = from.text();
  return name === '' ? byUnnamedOperator : { role: 'operator', name };
}
