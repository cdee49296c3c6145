import { sound } from '#libs/catalogue/checked.js';
import { demoEventFile, demoPlan } from '#libs/catalogue/demo/demo-catalogue.js';
import { demoEvents } from '#libs/catalogue/demo/events.js';
import { checkEventFile } from '#libs/catalogue/event-file.js';
import { importEvent } from '#libs/catalogue/import-event.js';
import { prepareEvent } from '#libs/catalogue/prepare-event.js';
import { openPool } from '#libs/database/pool.js';
import { WholeSystem } from '#libs/testing/whole-system.js';

/** A shop with the theatre's events of the demo. */
export class Shop {
  private constructor(private readonly system: WholeSystem) {}

  static async open(): Promise<Shop> {
    const system = await WholeSystem.start();
    const url = system.databaseUrl;
    const pool = openPool(url, { applicationName: 'shop', max: 2, answerWithinMs: 60_000 });
    const nowMs = Date.now();
    const plan = demoPlan('theatre');
    try {
      for (const event of demoEvents.filter((one) => one.plan === 'theatre')) {
        const file = sound(checkEventFile(demoEventFile(event, nowMs)));
        await importEvent(pool, sound(prepareEvent(file, plan, nowMs)));
      }
    } finally {
      await pool.end();
    }
    return new Shop(system);
  }

  get url(): string {
    return this.system.url;
  }

  close(): Promise<void> {
    return this.system.stop();
  }
}
