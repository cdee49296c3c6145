import { describe, expect, it } from '@jest/globals';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec, type Sender } from '#libs/testing/decider-spec.js';
import { plainLayout, plainRules } from '#libs/testing/plain-layout.js';
import { digest, usualSender, type By, type Command, type Fact } from '../inventory.js';

const rules = plainRules({ opensAtMs: null });
const layout = plainLayout([{ seats: '......' }], [{ capacity: 9 }]);
const alice: By = { role: 'operator', name: 'alice@box-office' };
const system: By = { role: 'system' };
const buyer: By = { role: 'buyer' };

const opened = send.fact({ type: 'SaleOpened', atMs: 1_000 });
const sale = () => new DeciderSpec(layout, rules).given(opened);

function factsOf(spec: DeciderSpec, command: Command, sender: Sender = {}): readonly Fact[] {
  const decision = spec.run(command, sender);
  return decision.kind === 'replayed' ? [] : decision.facts;
}

describe('who caused a fact', () => {
  it.each([
    ['a sale that is closed', send.closeSale],
    ['seats that are blocked', send.blockSeats([1])],
    ['a hold', send.holdSeats('h', [1])],
  ])('is who sent the command: %s', (_, command) => {
    expect(factsOf(sale(), command, { by: alice })).toMatchObject([{ by: alice }]);
  });

  it('is in every fact of the life of a hold', () => {
    const spec = sale();
    const told = (command: Command): readonly By[] =>
      factsOf(spec, command, { by: alice }).map(({ by }) => by);
    expect([
      told(send.holdSeats('h', [1, 2])),
      told(send.extendHold('h', 1_000)),
      told(send.releaseHold('h', [2])),
      told(send.beginPayment('h')),
      told(send.failPayment('h')),
      told(send.beginPayment('h', 'pay2')),
      told(send.bookHold('h', 'b', 'pay2')),
      told(send.cancelBooking('b')),
      told(send.blockSeats([3])),
      told(send.unblockSeats([3])),
      told(send.openSale),
    ]).toEqual(Array.from({ length: 11 }, () => [alice]));
  });

  it('is who asked for what was refused', () => {
    const refused = factsOf(sale(), send.unblockSeats([1]), { by: alice, keyed: true });
    expect(refused).toMatchObject([{ type: 'CommandRefused', by: alice }]);
  });

  it('is the system where time did it, also on the way of a command of somebody else', () => {
    const spec = sale();
    spec.run(send.holdSeats('old', [1]), { at: 2_000, user: 'bob' });
    const at = 2_000 + rules.holdTtlMs;
    expect(factsOf(spec, send.holdSeats('new', [1]), { at })).toMatchObject([
      { type: 'HoldExpired', by: system },
      { type: 'SeatsHeld', by: buyer },
    ]);
    const due = factsOf(spec, send.tick, { at: at + rules.holdTtlMs });
    expect(due).toMatchObject([{ type: 'HoldExpired', by: system }]);
  });

  it('is the system where a sale opens by itself', () => {
    const spec = new DeciderSpec(layout, plainRules({ opensAtMs: 5_000 as never }));
    expect(factsOf(spec, send.holdSeats('h', [1]), { at: 5_000 })).toMatchObject([
      { type: 'SaleOpened', by: system },
      { type: 'SeatsHeld', by: buyer },
    ]);
  });

  it('changes no state, no answer and no identity of a command', () => {
    const [one, other] = [sale(), sale()];
    for (const command of [send.holdSeats('h', [1]), send.blockSeats([3])]) {
      const id = `key-${command.type}`;
      const first = one.run(command, { id, by: alice });
      const second = other.run(command, { id, by: buyer });
      expect({ ...second, facts: [] }).toEqual({ ...first, facts: [] });
      expect(one.when(command, { id, by: system }).kind).toBe('replayed');
    }
    expect(digest(other.state)).toBe(digest(one.state));
  });
});

describe('who usually sends a command', () => {
  it('is nobody who has a name', () => {
    expect(usualSender('CloseSale')).toEqual({ role: 'operator', name: '' });
    expect(usualSender('BookHold')).toEqual(system);
    expect(usualSender('Tick')).toEqual(system);
    expect(usualSender('HoldSeats')).toEqual(buyer);
  });
});

describe('a sender', () => {
  const fieldOf = (by: unknown): unknown => {
    const decision = sale().when(send.closeSale, { by: by as By });
    return decision.kind === 'refused' ? decision.refusal : decision.kind;
  };
  const malformed = { code: 'invalid_command', field: 'by' };
  const named = (name: unknown) => ({ role: 'operator', name });

  it('may be anybody with a name that can be printed, or an operator without', () => {
    const names = ['', 'alice', 'Älïce Müller-裏方@tor 3', 'x'.repeat(100), '🎫'];
    for (const by of [buyer, system, ...names.map(named)]) expect(fieldOf(by)).toBe('accepted');
  });

  it('is malformed with another role, or a name that is long, hidden or not a text', () => {
    const names = ['x'.repeat(101), '裏'.repeat(34), 'a\nb', 'a\u202eb', 'a\u0000', '\ud800', 7];
    const roles = [{ role: 'organiser' }, { role: '' }];
    for (const by of [...roles, ...names.map(named)]) expect(fieldOf(by)).toEqual(malformed);
  });
});
