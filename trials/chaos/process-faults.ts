import { blow, type Fault, type FaultContext, type Faults } from './fault.js';
import type { Keeper } from './keeper.js';
import { ownerOnSale } from './owners.js';

type ProcessFault = `${'kill' | 'pause'}-${'shard' | 'gateway' | 'payments' | 'nats'}`;

/** Processes that die and processes that stand still. Their keepers start them again. */
export const processFaults: Faults<ProcessFault> = {
  'kill-shard': (context) => kill(context, 'shard'),
  'kill-gateway': (context) => kill(context, 'gateway'),
  'kill-payments': (context) => kill(context, 'payments'),
  'pause-shard': (context) => stand(context, 'shard'),
  'pause-gateway': (context) => stand(context, 'gateway'),
  'pause-payments': (context) => stand(context, 'payments'),
  'kill-nats': ({ system, random }) => ({
    what: 'kill -9 nats-server',
    lastsMs: random.between(0, 8_000),
    begin: () => system.nats.kill(),
    end: () => system.nats.restart(),
  }),
  'pause-nats': ({ system, random }) => ({
    what: 'SIGSTOP nats-server',
    lastsMs: pauseMs(random),
    begin: () => Promise.resolve(system.nats.running ? system.nats.pause() : undefined),
    end: () => Promise.resolve(system.nats.running ? system.nats.resume() : undefined),
  }),
};

async function kill(context: FaultContext, role: Keeper['role']): Promise<Fault> {
  const victim = await victimOf(context, role);
  return blow(`kill -9 ${victim.name}`, () => victim.signal('SIGKILL'));
}

async function stand(context: FaultContext, role: Keeper['role']): Promise<Fault> {
  const victim = await victimOf(context, role);
  return {
    what: `SIGSTOP ${victim.name}`,
    lastsMs: pauseMs(context.random),
    begin: () => Promise.resolve(victim.signal('SIGSTOP')),
    end: () => Promise.resolve(victim.signal('SIGCONT')),
  };
}

async function victimOf(context: FaultContext, role: Keeper['role']): Promise<Keeper> {
  const { system, random } = context;
  return role === 'shard' ? ownerOnSale(context) : random.pick(system.of(role));
}

/** From a hiccup to a minute; short ones are as dangerous, and far more of them fit in a run. */
const pauseMs = (random: FaultContext['random']): number => 100 * 600 ** (random.fraction() ** 1.6);
