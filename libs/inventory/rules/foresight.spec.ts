import { describe, it, expect } from '@jest/globals';
import * as send from '#libs/testing/commands.js';
import { DeciderSpec } from '#libs/testing/decider-spec.js';
import { blockLayout, plainRules } from '#libs/testing/plain-layout.js';
import { digest, foreseenMax, foresight, type Envelope } from '../inventory.js';

const opened = send.fact({ type: 'SaleOpened', atMs: 1_000 });
const sale = () => new DeciderSpec(blockLayout(10, 20), plainRules()).given(opened);

interface Wish {
  readonly seat: number;
  readonly id: string;
  readonly user: string;
  readonly hold: string;
}

/** Repeated commands, hold ids and seats among them, and ids that are packed in every form. */
const wishes: readonly Wish[] = Array.from({ length: 150 }, (_, i) => (i < 100 ? i : i - 50)).map(
  wishOf,
);

function wishOf(n: number): Wish {
  return {
    seat: (n * 7) % 130,
    id: `${['cmd_', 'CMD+', 'čmd'][n % 3]}${n % 80}`,
    user: `${['usr_', 'Usr ', 'ušr'][n % 3]}${n % 50}`,
    hold: `rsv_${n % 90}`,
  };
}

function envelopesOf(spec: DeciderSpec): Envelope[] {
  return wishes.map(({ seat, id, user, hold }) =>
    spec.envelope(send.holdSeats(hold, [seat]), { id, user, at: 2_000 }),
  );
}

/** What is decided when `expected` was announced before each group of commands. */
function decided(expected: (group: readonly Envelope[]) => readonly Envelope[]) {
  const spec = sale();
  const envelopes = envelopesOf(spec);
  const decisions = envelopes.map((envelope, i) => {
    if (i % foreseenMax === 0) announce(spec, expected(envelopes.slice(i, i + foreseenMax)));
    const { seat, id, user, hold } = wishes[i];
    expect(envelope.commandId).toBe(id);
    return spec.run(send.holdSeats(hold, [seat]), { id, user, at: 2_000 });
  });
  return { decisions, digest: digest(spec.state) };
}

function announce({ state }: DeciderSpec, envelopes: readonly Envelope[]): void {
  foresight.clear();
  for (const { commandId, userId, command } of envelopes) {
    if (command.type === 'HoldSeats') foresight.expect(state, commandId, userId, command);
  }
  foresight.touch(state);
}

describe('a command that was foreseen', () => {
  const unforeseen = decided(() => []);

  it('is among holds, refusals and repetitions', () => {
    const kinds = new Set(unforeseen.decisions.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['accepted', 'refused', 'replayed']);
  });

  it.each([
    ['all were', (group: readonly Envelope[]) => group],
    ['every third was', (group: readonly Envelope[]) => group.filter((_, i) => i % 3 === 0)],
    ['they were in another order', (group: readonly Envelope[]) => [...group].reverse()],
    [
      'another user, hold and seat were, under its id',
      (group: readonly Envelope[]) =>
        group.map((envelope, i) => ({
          ...envelope,
          userId: group[(i + 1) % group.length].userId,
          command: send.holdSeats(`rsv_x${i}`, [199]),
        })),
    ],
  ])('is decided and folded as if it was not: %s', (_, expected) => {
    expect(decided(expected)).toEqual(unforeseen);
  });

  it('may be malformed in every way', () => {
    const [envelope] = envelopesOf(sale());
    const odd = { ...envelope, commandId: undefined, command: send.holdSeats('h', [-1, 1e9]) };
    const long = { ...envelope, userId: 'u'.repeat(100_000) };
    expect(decided((group) => [odd, long, ...group] as unknown as Envelope[])).toEqual(unforeseen);
  });
});
