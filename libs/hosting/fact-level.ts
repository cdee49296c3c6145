import { factLevelNewest, factLevelOldest } from '#libs/inventory/inventory.js';
import type { FactFormat } from '#libs/journal/fact-format.js';
import type { Log } from '#libs/platform/log.js';

/**
 * The level at which this shard writes facts: readers first, then writers. It asks before it serves
 * and again and again, and writes at what it heard last.
 *
 * FL1  Nothing is written above a level that the store has told: until an operator has made sure
 *      that everybody can read a level (holdfastctl upgrade finalize), nobody writes it.
 * FL2  It never falls, whatever is heard later. An answer that is late is only old, and facts of an
 *      old level are read by all.
 * FL3  A build that does not know the level of the store does not begin to serve: others write what
 *      it cannot read. One that learns it while it serves goes on with the events it has, writes
 *      the newest that it knows, and gives away what it cannot read (V3).
 */
export class FactLevel {
  private current = factLevelOldest;
  private isBehind = false;

  constructor(
    private readonly format: FactFormat,
    private readonly log: Log,
  ) {}

  get written(): number {
    return this.current;
  }

  /** Before the first event. Throws when this build cannot read what is written (FL3). */
  async begin(): Promise<void> {
    const level = await this.format.level();
    if (level > factLevelNewest) throw new Error(beyond(level));
    this.hear(level);
    this.log.info({ writes: this.current, reads: factLevelNewest }, 'fact format');
  }

  /** From time to time. Keeps what it has when there is no answer. */
  async ask(): Promise<void> {
    try {
      this.hear(await this.format.level());
    } catch (error) {
      this.log.warn({ err: error }, 'fact format not read');
    }
  }

  private hear(level: number): void {
    if (level > factLevelNewest && !this.isBehind) {
      this.isBehind = true;
      this.log.error({ written: level }, beyond(level));
    }
    const next = Math.min(level, factLevelNewest);
    if (next <= this.current) return;
    this.current = next;
    this.log.info({ writes: next }, 'fact format raised');
  }
}

const beyond = (level: number): string =>
  `the journal is written at level ${level} and this build reads up to ${factLevelNewest}: ` +
  'start the release that was finalized, or a later one';
