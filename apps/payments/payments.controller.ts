import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';

import type {
  BookCall,
  BookReply,
  GetBookingCall,
  GetBookingReply,
  ListBookingsCall,
  ListBookingsReply,
} from '#libs/contracts/payments.js';

import { BookingReader } from './bookings/booking-reader.js';
import { BookingService } from './bookings/booking-service.js';

/** The three control-plane calls, as contracts/payments.ts has them. */
@Controller()
export class PaymentsController {
  constructor(
    @Inject(BookingService) private readonly bookings: BookingService,
    @Inject(BookingReader) private readonly reader: BookingReader,
  ) {}

  @MessagePattern('book')
  book(@Payload() call: BookCall): Promise<BookReply> {
    return this.bookings.book(call);
  }

  @MessagePattern('get')
  async get(@Payload() call: GetBookingCall): Promise<GetBookingReply> {
    const reply = await this.reader.get(call);
    if (reply.kind !== 'found' || reply.booking.action === undefined) return reply;
    await this.bookings.lookAgain(reply.booking.bookingId);
    return this.reader.get(call);
  }

  @MessagePattern('list')
  list(@Payload() call: ListBookingsCall): Promise<ListBookingsReply> {
    return this.reader.list(call);
  }
}
