import { foreseenMax, foresight, type InventoryState } from '#libs/inventory/inventory.js';
import type { Mail } from './mail.js';
import type { Mailbox } from './mailbox.js';

/** Lets the core look at the mail that waits, and says at how much of it. Nothing is taken out. */
export function foresee(state: InventoryState, mailbox: Mailbox<Mail>): number {
  const count = Math.min(mailbox.length, foreseenMax);
  foresight.clear();
  for (let i = 0; i < count; i += 1) {
    const item = mailbox.peek(i)?.item;
    if (item?.request.type !== 'HoldSeats') continue;
    foresight.expect(state, item.commandId, item.userId, item.request);
  }
  foresight.touch(state);
  return count;
}
