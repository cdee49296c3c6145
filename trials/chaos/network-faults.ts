import type { TcpProxy } from '#libs/testing/tcp-proxy.js';
import { orderFaults } from '#apps/payments/testing/simulator-control.js';
import { nothing, type Fault, type FaultContext, type Faults } from './fault.js';
import { cuts } from './other-host.js';
import { makeOwner } from './owners.js';

type Far = 'postgres' | 'nats';

type NetworkFault =
  | `${'slow' | 'jam'}-${Far}`
  | 'cut-commits'
  | 'half-close'
  | 'cut-host'
  | 'stripe';

/** What lines between machines do: slow, silent, cut in the middle, closed by half. */
export const networkFaults: Faults<NetworkFault> = {
  'slow-postgres': (context) => slow(context, 'postgres'),
  'slow-nats': (context) => slow(context, 'nats'),
  'jam-postgres': (context) => jam(context, 'postgres'),
  'jam-nats': (context) => jam(context, 'nats'),
  'cut-commits': cutCommits,
  'half-close': ({ system, random }) => {
    const far = random.pick<Far>(['postgres', 'nats']);
    const victim = random.pick(system.keepers.filter(({ lines }) => lines !== null));
    const begin = () => Promise.resolve(victim.lines?.[far].halfClose());
    return { what: `half close ${victim.name} - ${far}`, lastsMs: 0, begin, end: nothing };
  },
  'cut-host': (context) => {
    const { system, random } = context;
    if (!('got' in system.host)) return system.host.missing;
    const host = system.host.got;
    const cut = random.pick(cuts);
    return {
      what: `the host of ${system.farShard}, an owner, is cut off: ${cut}`,
      lastsMs: random.between(300, 10_000),
      begin: async () => {
        await makeOwner(context, system.farShard);
        await host.cut(cut);
      },
      end: () => host.heal(),
    };
  },
  stripe: ({ system, random }) => {
    const kinds = ['latency', 'error_before', 'error_after', 'drop_before', 'drop_after'];
    const chosen = random.shuffled([...kinds, 'rate_limit']).slice(0, 3);
    const faults = chosen.map((kind) => {
      return { kind, times: null, probability: 0.3, latency_ms: random.between(50, 4_000) };
    });
    return {
      what: `Stripe: ${chosen.join(', ')}`,
      lastsMs: random.between(2_000, 8_000),
      begin: () => orderFaults(system.stripeUrl, faults),
      end: () => orderFaults(system.stripeUrl, []),
    };
  },
};

function slow(context: FaultContext, far: Far): Fault {
  const { random } = context;
  const { names, lines } = victims(context, far);
  const delayMs = Math.round(random.between(5, 400));
  return {
    what: `${delayMs} ms more each way, ${names} - ${far}`,
    lastsMs: random.between(1_000, 8_000),
    begin: () => Promise.resolve(lines.forEach((line) => line.delay(delayMs))),
    end: () => Promise.resolve(lines.forEach((line) => line.delay(0))),
  };
}

function jam(context: FaultContext, far: Far): Fault {
  const { names, lines } = victims(context, far);
  return {
    what: `jam, delivered later, ${names} - ${far}`,
    lastsMs: context.random.between(200, 12_000),
    begin: () => Promise.resolve(lines.forEach((line) => line.jam())),
    end: () => Promise.resolve(lines.forEach((line) => line.flow())),
  };
}

/** One process' line, or all lines at once. */
function victims({ system, random }: FaultContext, far: Far) {
  const all = system.keepers.filter(({ lines }) => lines !== null);
  const chosen = random.fraction() < 0.3 ? all : [random.pick(all)];
  const lines = chosen.flatMap((keeper): TcpProxy[] => (keeper.lines ? [keeper.lines[far]] : []));
  return { names: chosen.length > 1 ? 'all' : chosen[0].name, lines };
}

/** Connections of shards and payments are cut before a request, before an answer, or idle. */
function cutCommits({ system, random }: FaultContext): Fault {
  const cuts = ['cutBeforeNextAnswer', 'cutBeforeNextRequest', 'cutAll'] as const;
  const victims = system.keepers.filter(({ role }) => role === 'shard' || role === 'payments');
  const planned = Array.from({ length: 12 }, () => {
    return {
      victim: random.pick(victims),
      cut: random.pick(cuts),
      afterMs: random.between(20, 400),
    };
  });
  let stopped = false;
  const begin = async () => {
    for (const { victim, cut, afterMs } of planned) {
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      if (stopped) return;
      victim.lines?.postgres[cut]();
    }
  };
  return {
    what: '12 connections cut around a commit',
    lastsMs: 0,
    begin,
    end: () => Promise.resolve(void (stopped = true)),
  };
}
