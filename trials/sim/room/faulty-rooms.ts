import type { RoomStore } from '#libs/room/room-store.js';
import type { Ground } from '../ground/ground.js';
import type { SimProcess } from '../ground/sim-process.js';

/** How long a process waits for an answer that never comes. */
const silenceMs = 3_000;

/**
 * The rooms as one process reaches them: the tables are shared and never wrong, the way to them is
 * not. What was sent is carried out even if its sender dies or stands still; statements of one
 * process overtake each other, as they do on the connections of a pool.
 */
export class WayToRooms {
  /** The database does not answer this process. */
  away = false;
  readonly store: RoomStore;

  constructor(
    tables: RoomStore,
    private readonly ground: Ground,
    private readonly process: SimProcess,
  ) {
    this.store = everyCall(tables, (name, work) => this.ask(name, work));
  }

  private ask(name: string, work: () => Promise<unknown>): Promise<unknown> {
    const { process, ground } = this;
    if (process.dead) return new Promise(() => undefined);
    if (name !== 'rooms') ground.trace.note(process.name, `asks the rooms: ${name}`);
    return process.gate(this.asked(name, work));
  }

  private async asked(name: string, work: () => Promise<unknown>): Promise<unknown> {
    const { weather } = this.ground;
    const failed = new Error(`injected: ${name} had no answer`);
    await this.travel();
    if (this.away || weather.strikes('look_up_failed') || weather.strikes('journal_refused')) {
      throw failed;
    }
    if (weather.strikes('journal_slow')) await this.ground.sleep(weather.between(10, 800));
    if (weather.strikes('journal_late')) {
      void this.ground.sleep(silenceMs + weather.between(0, 2_000)).then(work, () => undefined);
      await this.ground.sleep(silenceMs);
      throw failed;
    }
    const result = await work();
    if (weather.strikes('journal_unanswered')) {
      await this.ground.sleep(silenceMs);
      throw failed;
    }
    await this.travel();
    return result;
  }

  private travel(): Promise<void> {
    return this.ground.sleep(this.ground.weather.between(0.2, 3));
  }
}

type Call = (...given: unknown[]) => Promise<unknown>;

/** A store each of whose calls goes through `around`. */
export function everyCall(
  inner: RoomStore,
  around: (name: string, work: () => Promise<unknown>, given: readonly unknown[]) => unknown,
): RoomStore {
  return new Proxy(inner, {
    get(target, name) {
      const call = Reflect.get(target, name) as Call;
      return (...given: unknown[]) => around(String(name), () => call.apply(target, given), given);
    },
  });
}
