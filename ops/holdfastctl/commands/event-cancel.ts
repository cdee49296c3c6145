import { Option, type Command } from 'commander';
import { cancellationFigures } from '#apps/payments/cancellation/cancellation-figures.js';
import { CancellationTable } from '#apps/payments/cancellation/cancellation-table.js';
import type {
  CancellationTotal,
  EventCancellationView,
} from '#libs/contracts/event-cancellation.js';
import type { EventId } from '#libs/inventory/ids.js';
import { recordDone } from '#libs/office/record-done.js';
import { systemRandom } from '#libs/platform/random.js';
import { TraceIds } from '#libs/platform/trace.js';
import type { CommandContext } from '../context.js';
import { CommandRefused } from '../failures.js';
import { wholeNumber } from '../numbers.js';
import { nameOfThisUser, operatorName } from '../operator-name.js';

/** `event cancel|cancellation`: an event that does not take place, and the way of its money. */
export function addCancelCommands(event: Command, context: () => CommandContext): void {
  event
    .command('cancel <event>')
    .description('cancel it for good and give every booking back; this cannot be undone')
    .requiredOption('--reason <text>', 'why, for whoever asks later, and for its buyers')
    .option('--fee <number>', 'keep so much of each place, in minor units', wholeNumber(0, 1e12), 0)
    .addOption(
      new Option('--fees <what>', 'whether booking fees go back')
        .choices(['kept', 'refunded'])
        .default('refunded'),
    )
    .option('--as <name>', 'who does it', operatorName, nameOfThisUser())
    .option('--dry-run', 'say how many bookings and how much money, and do nothing')
    .action((id: string, options: CancelOptions) => cancel(context(), id as EventId, options));
  event
    .command('cancellation <event>')
    .description('how far the refunds of a cancelled event are, and the report at the end')
    .action((id: string) =>
      context().withDatabase(async (pool) => {
        const eventId = id as EventId;
        say(context(), await figures(pool, eventId), null);
      }),
    );
}

interface CancelOptions {
  readonly reason: string;
  readonly fee: number;
  readonly fees: 'kept' | 'refunded';
  readonly as: string;
  readonly dryRun?: boolean;
}

async function cancel(
  context: CommandContext,
  eventId: EventId,
  { reason, fee, fees, as: who, dryRun = false }: CancelOptions,
): Promise<void> {
  await context.withDatabase(async (pool) => {
    if (dryRun) return say(context, await figures(pool, eventId), 'dry_run');
    const trace = new TraceIds(systemRandom).next();
    const role = 'finance';
    const ask = {
      ...{ eventId, asker: who, role, reason, trace },
      ...{ feePerPlaceMinor: fee, keepsBookingFee: fees === 'kept' },
    };
    const asked = await new CancellationTable(pool, who, 0).request(ask, (client) =>
      recordDone(client, { who, role, what: 'event cancel', eventId, reason, trace }),
    );
    if (asked.kind === 'refused') throw new CommandRefused(`${eventId}: ${asked.reason}`);
    say(context, await figures(pool, eventId), asked.isNew ? 'begun' : 'goes_on');
  });
}

async function figures(
  pool: Parameters<typeof cancellationFigures>[0],
  eventId: EventId,
): Promise<EventCancellationView> {
  const found = await cancellationFigures(pool, eventId);
  if (found === null) throw new CommandRefused(`there is no event ${eventId}`);
  return found;
}

/** `result`: null where nothing was to be changed. */
function say(
  context: CommandContext,
  { eventId, state, asked, totals, troubles }: EventCancellationView,
  result: string | null,
): void {
  const value = {
    ...(result === null ? {} : { result }),
    event_id: eventId,
    state,
    reason: asked?.reason ?? null,
    asked_by: asked?.by ?? null,
    ended_at: asked?.endedAtMs == null ? null : new Date(asked.endedAtMs).toISOString(),
    error: asked?.error ?? null,
    totals: totals.map(({ outcome, currency, bookings, amountMinor, keptMinor }) => ({
      ...{ outcome, currency, bookings, amount_minor: amountMinor, kept_minor: keptMinor },
    })),
    troubles: troubles.map(({ bookingId, outcome, reason, refundId = null }) => ({
      ...{ booking_id: bookingId, outcome, reason, refund_id: refundId },
    })),
  };
  const lines = [
    headOf(eventId, state, result),
    ...totals.map(lineOf),
    ...troubles.map(
      ({ bookingId, outcome, reason, refundId }) =>
        `  ${refundId ?? bookingId} ${outcome.toLowerCase()}: ${reason}`,
    ),
  ];
  context.print(lines.join('\n'), value);
}

function headOf(eventId: string, state: string, result: string | null): string {
  if (result !== 'dry_run') {
    return state === 'NONE'
      ? `${eventId} is not cancelled`
      : `cancellation of ${eventId}: ${state}`;
  }
  return state === 'NONE'
    ? `would cancel ${eventId} for good, and give back what is waiting:`
    : `would go on with the cancellation of ${eventId}, which is ${state}`;
}

const lineOf = ({ outcome, currency, bookings, amountMinor, keptMinor }: CancellationTotal) =>
  `  ${outcome.toLowerCase()}: ${bookings}, ${amountMinor} ${currency}` +
  (keptMinor === 0 ? '' : `, ${keptMinor} kept`);
