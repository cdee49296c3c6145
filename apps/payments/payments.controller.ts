import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';

import type {
  CancelEventCall,
  CancellationReply,
  ShowCancellationCall,
} from '#libs/contracts/event-cancellation.js';
import type {
  BookCall,
  BookReply,
  CancelCall,
  ChallengeCall,
  ChallengeReply,
  GetBookingCall,
  GetBookingReply,
  ListBookingsCall,
  ListBookingsReply,
  PaceReply,
  RefundCall,
  RefundReply,
  WebhookCall,
  WebhookReply,
} from '#libs/contracts/payments.js';

import { BookingReader } from './bookings/booking-reader.js';
import { BookingService } from './bookings/booking-service.js';
import { CancellationDesk } from './cancellation/cancellation-desk.js';
import { PAYMENTS_PACE } from './payments-pace.js';
import { RefundDesk } from './refunds/refund-desk.js';
import { ChallengePages } from './webhooks/challenge-pages.js';
import { WebhookService } from './webhooks/webhook-service.js';

/** The control-plane calls, as contracts/payments.ts has them. */
@Controller()
export class PaymentsController {
  constructor(
    @Inject(BookingService) private readonly bookings: BookingService,
    @Inject(BookingReader) private readonly reader: BookingReader,
    @Inject(WebhookService) private readonly webhooks: WebhookService,
    @Inject(ChallengePages) private readonly pages: ChallengePages,
    @Inject(RefundDesk) private readonly desk: RefundDesk,
    @Inject(CancellationDesk) private readonly cancellations: CancellationDesk,
    @Inject(PAYMENTS_PACE) private readonly providerMs: () => number | null,
  ) {}

  @MessagePattern('book')
  book(@Payload() call: BookCall): Promise<BookReply> {
    return this.bookings.book(call);
  }

  @MessagePattern('get')
  async get(@Payload() call: GetBookingCall): Promise<GetBookingReply> {
    const reply = await this.reader.get(call);
    if (reply.kind !== 'found') return reply;
    const { booking } = reply;
    if (booking.state === 'CONFIRMED') {
      const { bookingId, userId } = booking;
      const told = await this.desk.cancellationOf(bookingId, userId, call.cancelling);
      if (typeof told !== 'string')
        return { ...reply, booking: { ...booking, cancellation: told } };
      return call.cancelling === undefined ? reply : { ...reply, barred: told };
    }
    if (booking.action === undefined) return reply;
    await this.bookings.lookAgain(booking.bookingId);
    return this.reader.get(call);
  }

  @MessagePattern('list')
  list(@Payload() call: ListBookingsCall): Promise<ListBookingsReply> {
    return this.reader.list(call);
  }

  @MessagePattern('webhook')
  webhook(@Payload() call: WebhookCall): Promise<WebhookReply> {
    return this.webhooks.take(call);
  }

  @MessagePattern('challenge')
  challenge(@Payload() call: ChallengeCall): Promise<ChallengeReply> {
    return this.pages.show(call);
  }

  @MessagePattern('refund')
  refund(@Payload() call: RefundCall): Promise<RefundReply> {
    return this.desk.refund(call);
  }

  @MessagePattern('pace')
  pace(): PaceReply {
    return { providerMs: this.providerMs() };
  }

  @MessagePattern('cancel')
  cancel(@Payload() call: CancelCall): Promise<RefundReply> {
    return this.desk.cancel(call);
  }

  @MessagePattern('cancel_event')
  cancelEvent(@Payload() call: CancelEventCall): Promise<CancellationReply> {
    return this.cancellations.cancel(call);
  }

  @MessagePattern('cancellation')
  cancellation(@Payload() call: ShowCancellationCall): Promise<CancellationReply> {
    return this.cancellations.show(call);
  }
}
