import { runCommandLine } from '../ctl/holdfastctl.js';
import type { Fault, FaultContext, FaultTable } from './fault.js';

/** People who operate the system while it breaks, and a clock that somebody sets. */
export const operatorFaults: FaultTable = {
  operators: operate,
  'clock-jump': ({ system, random }) => {
    const clock = system.strangeClock;
    if (clock === null) return 'missing' in system.fakeTime ? system.fakeTime.missing : '';
    const sizeMs = random.pick([1_000, 30_000, 3_600_000]);
    const offsetMs = random.fraction() < 0.5 ? sizeMs : -sizeMs;
    return {
      what: `the clock of ${clock.shard} jumps by ${offsetMs / 1_000} s`,
      lastsMs: random.between(2_000, 10_000),
      begin: () => clock.set(offsetMs),
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

/** A refusal or a failure is an answer too: whatever it did, the events must bear it. */
async function operatorSays(
  { databaseUrl, nats }: FaultContext['system'],
  words: readonly string[],
): Promise<void> {
  const quiet = () => undefined;
  const env = { DATABASE_URL: databaseUrl, NATS_URL: nats.url };
  await runCommandLine(words, { out: quiet, err: quiet, env });
}
