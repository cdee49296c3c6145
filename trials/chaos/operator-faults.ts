import type { Fault, FaultContext, Faults } from './fault.js';
import { makeOwner, operatorSays } from './owners.js';

/** People who operate the system while it breaks, and a clock that somebody sets. */
export const operatorFaults: Faults<'operators' | 'clock-jump'> = {
  operators: operate,
  'clock-jump': (context) => {
    const { system, random } = context;
    const clock = system.strangeClock;
    if (clock === null) return 'missing' in system.fakeTime ? system.fakeTime.missing : '';
    const sizeMs = random.pick([1_000, 30_000, 3_600_000]);
    const offsetMs = random.fraction() < 0.5 ? sizeMs : -sizeMs;
    return {
      what: `the clock of ${clock.shard}, an owner, jumps by ${offsetMs / 1_000} s`,
      lastsMs: random.between(2_000, 10_000),
      begin: async () => {
        await makeOwner(context, clock.shard);
        await clock.set(offsetMs);
      },
      end: () => clock.set(0),
    };
  },
};

const commandsAtOnce = 8;

function operate({ system, random, events }: FaultContext): Fault {
  const shards = system.of('shard').map(({ name }) => name);
  const drained = random.pick(shards);
  const draw = (): string[] => {
    const event = random.pick(events());
    const to = random.pick(shards);
    return random.pick([
      ['event', 'move', event, '--to', to],
      ['event', 'move', event, '--to', to],
      ['event', 'fence', event],
      ['event', 'pin', event, to, '--move'],
      ['event', 'unpin', event],
      ['shard', 'drain', drained, '--deadline', '5'],
      ['shard', 'uncordon', drained],
      ['rebalance', 'apply', '--include-hot', '--include-recent'],
    ]);
  };
  let stopped = false;
  return {
    what: `operators move, drain ${drained}, rebalance, fence`,
    lastsMs: 0,
    begin: async () => {
      for (let i = 0; i < commandsAtOnce && !stopped; i++) await operatorSays(system, draw());
    },
    end: async () => {
      stopped = true;
      await operatorSays(system, ['shard', 'uncordon', drained]);
    },
  };
}
