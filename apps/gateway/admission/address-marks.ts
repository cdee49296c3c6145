import { createHmac } from 'node:crypto';

import { limits } from '#libs/contracts/limits.js';

import type { Caller } from '../auth/authenticator.js';
import type { Admission, Asker } from './admission.js';

/**
 * What other processes hear of an address: a keyed hash, by which they can count what comes from
 * it and cannot tell which it is. The same at all gateways, which share the secret; a new secret
 * makes new marks, and counts begin anew.
 *
 * AM1  No address leaves the gateway, and no journal or table has one.
 * AM2  A mark is made once for an address and kept, bounded: no request hashes anything.
 */
export class AddressMarks {
  private readonly key: Buffer;
  private readonly made = new Map<string, string>();

  constructor(
    secret: string,
    private readonly admission: Pick<Admission, 'keyOf'>,
    private readonly keptMax: number = limits.bucketsMax,
  ) {
    this.key = createHmac('sha256', secret).update('holdfast address marks 1').digest();
  }

  get size(): number {
    return this.made.size;
  }

  /**
   * 64 bits as 11 letters and digits: of an address, or of an IPv6 /64; null: it has no limit. To
   * be asked while the exchange is not over.
   */
  of(asker: Asker): string | null {
    return this.ofKey(this.admission.keyOf(asker));
  }

  /** Kept with a known caller for as long as his requests are prepaid: a hold asks no socket. */
  ofCaller(asker: Asker, caller: Pick<Caller, 'addressKey'>): string | null {
    if (caller.addressKey === undefined) caller.addressKey = this.admission.keyOf(asker);
    return this.ofKey(caller.addressKey);
  }

  private ofKey(addressKey: string | null): string | null {
    if (addressKey === null) return null;
    const known = this.made.get(addressKey);
    if (known !== undefined) return known;
    if (this.made.size >= this.keptMax) this.made.clear();
    const digest = createHmac('sha256', this.key).update(addressKey, 'latin1').digest();
    const mark = digest.subarray(0, markBytes).toString('base64url');
    this.made.set(addressKey, mark);
    return mark;
  }
}

const markBytes = 8;
