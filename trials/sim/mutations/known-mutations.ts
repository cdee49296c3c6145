import { EventReplica } from '#apps/gateway/replica/event-replica.js';
import { FactLevel } from '#libs/hosting/fact-level.js';
import { factLevelNewest } from '#libs/inventory/inventory.js';
import { CommandWindow } from '#libs/inventory/state/command-window.js';
import { ExpiryHeap } from '#libs/inventory/state/expiry-heap.js';
import type { IdKey } from '#libs/inventory/state/id-key.js';
import { batchHash } from '#libs/journal/batch-hash.js';
import type { AppendVerdict, Batch, JournalWriter } from '#libs/journal/journal.js';
import { MemoryStore } from '#libs/journal/memory-store.js';
import { RoutingClient } from '#libs/routing/inventory-client.js';
import { SaleClock } from '#libs/routing/sale-clock.js';
import type { Clock } from '#libs/platform/clock.js';
import type { Mutation } from './mutations.js';
import type { FaultKind, Swarm } from '../faults/swarm.js';

/** A mutation and the faults without which it cannot show. */
export interface KnownMutation extends Mutation {
  readonly needs: Partial<Record<FaultKind, number>>;
}

/** The guards that carry the promises, each removed on purpose. */
export const knownMutations: readonly KnownMutation[] = [
  {
    name: 'answers leave before they are durable (G2)',
    needs: { crash: 10 },
    shard: ({ journal }) => {
      const open = journal.openWriter.bind(journal);
      journal.openWriter = async (incarnation) => new HastyWriter(await open(incarnation));
    },
  },
  {
    name: 'the journal lets everybody write (G1)',
    needs: { pause: 15, fence: 10 },
    store: (clock) => new OpenStore(() => clock.nowMs()),
  },
  {
    name: 'command ids are forgotten (G4)',
    needs: {},
    install: () => {
      const keepFirst = (name: string) => {
        const insert = methodOf(CommandWindow.prototype, name);
        return function (this: CommandWindow, key: unknown, ...entry: unknown[]): void {
          if (this.findKey(key as IdKey) === 0) insert.call(this, key, ...entry);
        };
      };
      return patch(CommandWindow.prototype, {
        find: () => 0,
        insert: keepFirst('insert'),
        insertHold: keepFirst('insertHold'),
      });
    },
  },
  {
    name: 'holds expire a second early (G3)',
    needs: {},
    install: () => {
      const getter = Object.getOwnPropertyDescriptor(ExpiryHeap.prototype, 'firstDeadlineMs');
      Object.defineProperty(ExpiryHeap.prototype, 'firstDeadlineMs', {
        configurable: true,
        get(this: ExpiryHeap) {
          return (getter?.get?.call(this) as number) - 1_000;
        },
      });
      return () => {
        Object.defineProperty(ExpiryHeap.prototype, 'firstDeadlineMs', getter ?? {});
      };
    },
  },
  {
    name: 'an owner believes the wall clock of its machine (G3)',
    needs: { clock_jump: 10 },
    install: () =>
      patch(SaleClock.prototype, {
        nowMs(this: { readonly base: Clock }) {
          return this.base.nowMs();
        },
      }),
  },
  {
    name: 'diffs are applied whatever they continue (G6)',
    needs: { loss: 0.05 },
    install: () =>
      patch(EventReplica.prototype, {
        receive(this: OpenReplica, diff: never) {
          if (this.state !== 'live') this.keep(diff);
          else if (this.map.apply(diff)) this.applied(diff);
        },
      }),
  },
  {
    name: 'a shard writes the newest facts before it is told to (FL1)',
    needs: {},
    install: () => {
      const getter = Object.getOwnPropertyDescriptor(FactLevel.prototype, 'written');
      Object.defineProperty(FactLevel.prototype, 'written', {
        configurable: true,
        get: () => factLevelNewest,
      });
      return () => Object.defineProperty(FactLevel.prototype, 'written', getter ?? {});
    },
  },
  {
    name: 'no answer passes for not executed (G4)',
    needs: { journal_slow: 0.3, loss: 0.05 },
    install: () =>
      patch(RoutingClient.prototype, {
        giveUp(this: OpenClient, pending: unknown, retryAfterMs = 1_000) {
          this.finish(pending, { kind: 'unavailable', retryAfterMs, executed: 'no' });
        },
      }),
  },
];

/** The seed's own mix with what the mutation needs, and nothing that makes the judge lenient. */
export function swarmFor({ needs }: KnownMutation): (drawn: Swarm) => Swarm {
  return (drawn) => ({
    ...drawn,
    keyed: 1,
    intensity: { ...drawn.intensity, fence: 0, lease_stale: 0, give_back: 0, ...needs },
  });
}

type Method = (this: unknown, ...given: unknown[]) => unknown;

const methodOf = (prototype: object, name: string): Method =>
  Object.getOwnPropertyDescriptor(prototype, name)?.value as Method;

/** Replaces methods of a class; what it returns puts them back. */
/** Other methods for the time of one run; what it returns puts those of before back. */
export function patch(prototype: object, methods: Readonly<Record<string, unknown>>): () => void {
  const names = Object.keys(methods);
  const before = names.map((name) => Object.getOwnPropertyDescriptor(prototype, name));
  for (const name of names) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value: methods[name],
    });
  }
  return () => {
    names.forEach((name, i) => Object.defineProperty(prototype, name, before[i] ?? {}));
  };
}

/** Says `appended` at once and writes behind its caller's back. */
class HastyWriter implements JournalWriter {
  private writing: Promise<unknown> = Promise.resolve();

  constructor(private readonly inner: JournalWriter) {}

  append(batches: readonly Batch[]): Promise<readonly AppendVerdict[]> {
    this.writing = this.writing.then(() => this.inner.append(batches)).catch(() => undefined);
    return Promise.resolve(batches.map(() => 'appended' as const));
  }

  settle(batch: Batch): Promise<AppendVerdict> {
    return this.inner.settle(batch);
  }

  reopen(): Promise<void> {
    return this.inner.reopen();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

/** Puts every batch behind the last one, whoever wrote that. */
class OpenStore extends MemoryStore {
  override append(batch: Batch): AppendVerdict {
    const tail = this.tail(batch.eventId);
    if (tail === null) return super.append(batch);
    const firstSeq = tail.lastSeq + 1;
    const moved = {
      ...batch,
      batchNo: tail.batchNo + 1,
      epoch: tail.epoch,
      firstSeq,
      lastSeq: firstSeq + batch.lastSeq - batch.firstSeq,
      prevHash: tail.hash,
    };
    return super.append({ ...moved, hash: batchHash(tail.hash, moved) });
  }
}

interface OpenReplica {
  readonly state: string;
  readonly map: { apply(diff: never): boolean };
  keep(diff: never): void;
  applied(diff: never): void;
}

interface OpenClient {
  finish(pending: unknown, result: object): void;
}
