import type { Command } from '#libs/inventory/commands.js';
import type { CommandId } from '#libs/inventory/ids.js';
import type { CallResult, InventoryCall, InventoryClient } from '#libs/routing/inventory-call.js';
import type { Deed } from '../ground/deeds.js';
import type { Ground } from '../ground/ground.js';

/** Commands of the saga by their id: several processes may send one, before and after a crash. */
export type SagaDeeds = Map<CommandId, Deed>;

/** A payments process is a client of the inventory like any other: what it hears is evidence. */
export class WitnessedInventory implements InventoryClient {
  constructor(
    private readonly inner: InventoryClient,
    private readonly deeds: SagaDeeds,
    private readonly ground: Ground,
  ) {}

  get ready(): boolean {
    return this.inner.ready;
  }

  send(call: InventoryCall, done: (result: CallResult) => void): void {
    const deed = this.deedOf(call);
    deed.tries += 1;
    const sentAtMs = this.ground.nowMs;
    this.inner.send(call, (result) => {
      this.ground.deeds.heard(deed, result, sentAtMs, this.ground.nowMs);
      done(result);
    });
  }

  call(call: InventoryCall): Promise<CallResult> {
    return new Promise((resolve) => this.send(call, resolve));
  }

  nextCommandId(): CommandId {
    return this.inner.nextCommandId();
  }

  close(): void {
    this.inner.close();
  }

  private deedOf({ eventId, userId, commandId, keyed, request }: InventoryCall): Deed {
    const known = this.deeds.get(commandId);
    if (known !== undefined) return known;
    const command = request as Command;
    const { deeds, nowMs } = this.ground;
    const deed = deeds.begin({ eventId, userId, commandId, keyed, command }, nowMs);
    this.deeds.set(commandId, deed);
    return deed;
  }
}
