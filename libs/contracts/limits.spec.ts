import { describe, expect, it } from '@jest/globals';
import { commandWindowMax, type Command } from '#libs/inventory/inventory.js';
import { holdSeats } from '#libs/testing/commands.js';
import { DeciderSpec, type Sender } from '#libs/testing/decider-spec.js';
import { blockLayout, plainRules } from '#libs/testing/plain-layout.js';
import { limits } from './limits.js';

/** The core imports nothing, so it has bounds of its own; the frames are made for these. */
const malformed = (command: Command, sender: Sender = {}): string | undefined => {
  const decision = new DeciderSpec(blockLayout(2, 10), plainRules()).when(command, sender);
  return decision.kind === 'refused' && decision.refusal.code === 'invalid_command'
    ? decision.refusal.field
    : undefined;
};

const text = (length: number): string => 'x'.repeat(length);
const block = (reason: string): Command =>
  ({ type: 'BlockSeats', seats: [1], areas: [], reason }) as unknown as Command;

describe('the bounds that the core has for itself', () => {
  it('are those of the frames for ids', () => {
    const { idBytesMax } = limits;
    expect(malformed(holdSeats(text(idBytesMax), [1]))).toBeUndefined();
    expect(malformed(holdSeats(text(idBytesMax + 1), [1]))).toBe('holdId');
    expect(malformed(holdSeats('h', [1]), { id: text(idBytesMax) })).toBeUndefined();
    expect(malformed(holdSeats('h', [1]), { id: text(idBytesMax + 1) })).toBe('commandId');
  });

  it('leave room for every user id of the edge', () => {
    const user = text(limits.edgeUserIdBytesMax);
    expect(malformed(holdSeats('h', [1]), { user })).toBeUndefined();
  });

  it('are those of the frames for the reason of a block', () => {
    expect(malformed(block(text(limits.blockReasonBytesMax)))).toBeUndefined();
    expect(malformed(block(text(limits.blockReasonBytesMax + 1)))).toBe('reason');
  });

  it('are those of the frames for the name of an operator', () => {
    const named = (name: string): Sender => ({ by: { role: 'operator', name } });
    expect(malformed(block(''), named(text(limits.operatorNameBytesMax)))).toBeUndefined();
    expect(malformed(block(''), named(text(limits.operatorNameBytesMax + 1)))).toBe('by');
  });

  it('are the documented one for commands that an event remembers', () => {
    expect(commandWindowMax).toBe(limits.commandWindowMax);
  });

  it('allow a hold of as many places as an event file may', () => {
    const { placesPerHoldMax } = limits;
    const rules = plainRules({ placesPerHoldMax, placesPerBuyerMax: placesPerHoldMax });
    const spec = new DeciderSpec(blockLayout(10, 10), rules);
    const seats = Array.from({ length: placesPerHoldMax + 1 }, (_, seat) => seat);
    spec.run({ type: 'OpenSale' });
    expect(spec.when(holdSeats('h', seats))).toMatchObject({
      kind: 'refused',
      refusal: { code: 'too_many_places', limit: placesPerHoldMax },
    });
    expect(spec.when(holdSeats('h', seats.slice(1))).kind).toBe('accepted');
  });
});
