import { beforeEach, describe, expect, it } from '@jest/globals';

import type { EventDetail, PublicLayout } from '#libs/catalogue/catalogue.js';
import { limits } from '#libs/contracts/limits.js';
import type { UserId } from '#libs/inventory/ids.js';
import { silentLog } from '#libs/platform/log.js';
import { systemRandom } from '#libs/platform/random.js';
import { TraceIds } from '#libs/platform/trace.js';
import type { InventoryCall, InventoryClient } from '#libs/routing/inventory-call.js';
import { VirtualClock } from '#libs/testing/virtual-clock.js';

import type { Caller } from '../../auth/authenticator.js';
import type { EdgeResponse } from '../../edge/edge.js';
import { EventBook } from '../../events/event-book.js';
import { Exchange } from '../../http/exchange.js';
import { jsonStatusLines } from '../../http/status.js';
import { FakeCatalogue, fakeEventId } from '../../testing/fake-catalogue.js';
import { AdmissionTokens } from '../../room/admission-tokens.js';
import { EndedAdmissions } from '../../room/ended-admissions.js';
import { Reservations } from './handlers.js';

let clock: VirtualClock;
let catalogueMs: number;
let calls: InventoryCall[];
let reservations: Reservations;

/** A catalogue that takes its time. */
class SlowCatalogue extends FakeCatalogue {
  override eventOf(...[eventId]: Parameters<FakeCatalogue['eventOf']>) {
    return this.later(super.eventOf(eventId)) as Promise<EventDetail | null>;
  }
  override layoutOf(...[eventId]: Parameters<FakeCatalogue['layoutOf']>) {
    return this.later(super.layoutOf(eventId)) as Promise<PublicLayout | null>;
  }
  private later(found: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve) => clock.after(catalogueMs, () => resolve(found)));
  }
}

beforeEach(() => {
  clock = new VirtualClock();
  calls = [];
  const inventory = {
    nextCommandId: () => 'gw.1',
    send: (call: InventoryCall) => void calls.push(call),
  } as unknown as InventoryClient;
  const events = new EventBook(new SlowCatalogue(40, 10), clock);
  const log = silentLog();
  const addressMarks = { ofCaller: () => 'AAAAAAAAAAA' };
  const random = systemRandom;
  const rooms = { known: true, guarding: () => null, ended: new EndedAdmissions() };
  const admissionTokens = new AdmissionTokens(['a secret of this specification']);
  const room = { rooms, admissionTokens };
  reservations = new Reservations({ inventory, events, clock, random, log, addressMarks, ...room });
});

/** A hold, and the status lines of its answers. */
function asked(waitedMs = 0): string[] {
  const statuses: string[] = [];
  const response = {
    onAborted: () => undefined,
    cork: (write: () => void) => write(),
    writeStatus: (line: string) => (statuses.push(line), response),
    writeHeader: () => response,
    end: () => undefined,
  };
  const owner = { finished: () => undefined, traces: new TraceIds(systemRandom) };
  const exchange = new Exchange(response as unknown as EdgeResponse, 0, 0, owner);
  exchange.body = { event_id: fakeEventId, seat_ids: ['A-1'] };
  exchange.caller = { userId: 'usr_a' as UserId } as Caller;
  exchange.waitedMs = waitedMs;
  reservations.create(exchange);
  return statuses;
}

describe('a buyer who asks for a hold', () => {
  it('is told in time when his event cannot be looked up; nothing is done for him', async () => {
    catalogueMs = limits.commandDeadlineMs + 500;
    const statuses = asked();
    await clock.advance(limits.answerWithinMs);
    expect(statuses).toEqual([jsonStatusLines[503]]);
    await clock.advance(1_000);
    expect([statuses.length, calls.length]).toEqual([1, 0]);
  });

  it('waits for its owner only as long as is left', async () => {
    catalogueMs = 1_200;
    asked();
    await clock.advance(1_300);
    expect(calls.map(({ withinMs }) => withinMs)).toEqual([limits.commandDeadlineMs - 1_200]);
  });

  it('waits less when keys of his issuer had to be waited for', async () => {
    catalogueMs = 1_500;
    const statuses = asked(limits.tokenWaitMs);
    await clock.advance(limits.answerWithinMs - limits.tokenWaitMs);
    expect([statuses.length, calls.length]).toEqual([1, 0]);
  });

  it('has the whole time when nothing was waited for', async () => {
    catalogueMs = 1;
    asked();
    await clock.advance(10);
    asked();
    expect(calls.at(-1)?.withinMs).toBeUndefined();
    // And what its address is called, by which the owner counts.
    expect(calls.at(-1)?.address).toBe('AAAAAAAAAAA');
  });
});
