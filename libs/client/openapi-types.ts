/** Generated from docs/openapi.json by `npm run docs`. */
export interface paths {
  '/v1/config': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What a page must know before it can sell */
    get: operations['showConfig'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Start a guest session */
    post: operations['openSession'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Search events by text, city and time; typos are forgiven */
    get: operations['listEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events/search': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The same list, with pageSize for page_size */
    get: operations['searchEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events/facets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How many events of a search there are of each type, in each city and month */
    get: operations['showFacets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events/{event_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One event with prices, sale status and what is left */
    get: operations['showEvent'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/venues/{venue_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A venue, and what is still to come there */
    get: operations['showVenue'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/performers/{performer_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A performer, and what is still to come of them */
    get: operations['showPerformer'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/layouts/{hash}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A seating plan; never changes
     * @description The address that `layout_hash` of an event and of its live map names.
     */
    get: operations['showLayout'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/media/{hash}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A picture of an event or a venue; never changes
     * @description The address that `thumbnail_url` or `image_url` names. Another picture has another one.
     */
    get: operations['showMedia'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events/{event_id}/seats': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All seats as they are now
     * @description As they were at most a moment ago: a new state is taken at most four times a second. Who sends a bearer token gets a state that is no older than the request, with everything in it that was answered before; 503 when the owner of the event cannot be asked.
     */
    get: operations['showSeats'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events/{event_id}/seats/{version}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All seats at one state; may be kept for ever
     * @description The address that a list links to as its duplicate. Only the last few states are here; of another one the answer is 404 with a link to the newest.
     */
    get: operations['showSeatsVersion'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events/{event_id}/live': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The live seat map, by WebSocket or server-sent events
     * @description See docs/live-map.md for the frames.
     */
    get: operations['watchEvent'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events/{event_id}/queue': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Your place in the waiting room */
    get: operations['showQueuePlace'];
    put?: never;
    /**
     * Take a place in the waiting room, or the turn that has come
     * @description As often as one likes: a person has one place in a room. When `state` is `called` it admits; when the turn was missed it takes a new place behind all others.
     */
    post: operations['joinQueue'];
    /**
     * Give your admission back: the next one is called in your stead
     * @description What is held stays held until its own time is up, and can be paid for. Who is not admitted has nothing to give back, and is told how he stands.
     */
    delete: operations['leaveQueue'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events/{event_id}/queue/party': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Go on for fewer: the place is kept
     * @description For who hears that his party cannot sit together any more. A party is never raised: that is `party_limit`. Who is admitted already keeps what he was admitted for.
     */
    post: operations['lowerParty'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events/{event_id}/queue/proof': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What shows that your place in the draw is the one you got */
    get: operations['showQueueProof'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/events/{event_id}/queue/serving': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How the waiting room goes on, the same for everybody */
    get: operations['showQueueServing'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/reservations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Hold seats until a deadline: all of them or none */
    post: operations['createReservation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/reservations/{reservation_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A reservation of yours as it is now */
    get: operations['showReservation'];
    put?: never;
    post?: never;
    /** Give seats back: all, or those that the body names */
    delete: operations['releaseReservation'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/reservations/{reservation_id}/extend': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Keep a reservation longer, up to the limit of the event */
    post: operations['extendReservation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/bookings': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Pay for a reservation */
    post: operations['createBooking'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/bookings/{booking_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A booking of yours as it is now */
    get: operations['showBooking'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/me/bookings': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Your bookings, newest first */
    get: operations['listBookings'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/bookings/{booking_id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give your booking back, or some of its places
     * @description As its event allows it: `cancellation` of the event says until when, and what is kept of each place. The places are free first, then the money is sent; `refunds` of the booking say how far it is.
     */
    post: operations['cancelBooking'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/bookings/{booking_id}/cancel/quote': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * What giving your booking back would bring, or some of its places
     * @description Nothing is cancelled, and nothing is promised: send `amount` with the cancellation, which is refused when it would be another sum by then.
     */
    post: operations['quoteCancellation'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/reserve': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Hold seats, as the first half of an asynchronous purchase */
    post: operations['lockSeats'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/checkout': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Start paying and return at once; the result is at Location */
    post: operations['checkout'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/stripe/webhook': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Where Stripe says what became of a payment
     * @description For Stripe, which signs the body as it stands. 200 once the event is recorded; the same event again is answered the same and has no effect.
     */
    post: operations['hearStripe'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/stripe/3d-secure/{intent_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The page of the simulated buyer's bank
     * @description Only with the Stripe simulator, which asks there for `next_action`. For who has the `client_secret` of the intent.
     */
    get: operations['showChallenge'];
    put?: never;
    /** The buyer's answer on that page */
    post: operations['answerChallenge'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The events you run: your own as an organiser, else all; by id */
    get: operations['listOfficeEvents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/events/{event_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What is held, booked and taken */
    get: operations['showSales'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/events/{event_id}/open-sale': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Let buyers hold: before its time, or once closed */
    post: operations['openSale'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/events/{event_id}/close-sale': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** No new holds; who has one may still extend it, pay, or give it back */
    post: operations['closeSale'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/events/{event_id}/history': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What happened, newest first, and by whom */
    get: operations['showHistory'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/events/{event_id}/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who asked for which change, why, and what became of it; newest first */
    get: operations['showAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/events/{event_id}/bookings/{booking_id}/refunds': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give a booking back, some of its places, or an amount
     * @description Its places are taken from the buyer first, then its money is sent. What is answered goes on by itself; `refunds` of the booking say how far it is.
     */
    post: operations['startRefund'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/events/{event_id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel an event for good, and give all its bookings back
     * @description It cannot be undone: look at `GET …/cancellation` first, which has what would go back. Nothing is sold any more; each booking gets a refund of its own, by and by. Asked again it goes on, with what was left before.
     */
    post: operations['cancelEvent'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/events/{event_id}/cancellation': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How far the refunds of a cancelled event are, and the report at the end */
    get: operations['showCancellation'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/events/{event_id}/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The course of the sale from its first moment: what happened to which seat, and when
     * @description Folded in order, the steps give the seat map of any moment. They come from the journal and ask nothing of the owner of the event. No step tells of people.
     */
    get: operations['showReplay'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/admin/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Which shards are alive, who owns which event, what is quarantined
     * @description As this gateway hears it, and as the database has it; no shard is asked. `holdfastctl` tells more and changes it.
     */
    get: operations['showStatus'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/livez': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The process is alive */
    get: operations['livez'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readyz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The process can take requests */
    get: operations['readyz'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    AreaName: string;
    AreaQuantityBody: {
      area: components['schemas']['AreaName'];
      quantity: number;
    };
    AreaState: {
      area: components['schemas']['AreaName'];
      capacity: number;
      free: number;
      held: number;
      booked: number;
      blocked: number;
    };
    /** @description Public id of an event; one that names nothing is `event_not_found`. */
    AskedEventId: string;
    /** @description An id that names nothing is answered so, whatever it looks like. */
    AskedId: string;
    AuditEntry: {
      at: components['schemas']['Time'];
      who: string;
      /** @enum {unknown} */
      role: 'organiser' | 'support' | 'finance' | 'sre';
      /** @description The operation of this API. */
      what: string;
      reason: string;
      trace_id: string;
      /** @description done, refused and why, or unknown; null: never heard of again. */
      outcome: string | null;
    };
    Availability: {
      version: number;
      seats: {
        free: number;
        held: number;
        booked: number;
        blocked: number;
      };
      areas: components['schemas']['AreaState'][];
    };
    BestAvailableBody: {
      quantity: number;
      category?: string;
      section?: string;
      wheelchairs?: number;
      price_max?: number;
      may_split?: boolean;
      /** @description What every seat has. */
      with?: ('restricted_view' | 'hearing_loop' | 'sign_language' | 'plus_size')[];
      /** @description What no seat has. */
      avoid?: ('restricted_view' | 'hearing_loop' | 'sign_language' | 'plus_size')[];
    };
    Booking: {
      booking_id: components['schemas']['BookingIdText'];
      reservation_id: components['schemas']['ReservationIdText'];
      event_id: components['schemas']['EventIdText'];
      /** @enum {unknown} */
      status: 'PENDING' | 'CONFIRMED' | 'DECLINED' | 'EXPIRED' | 'CANCELLED' | 'FAILED';
      seat_ids: components['schemas']['SeatIdText'][];
      seat_labels: components['schemas']['SeatLabelTexts'];
      areas: components['schemas']['AreaQuantityBody'][];
      total: components['schemas']['Money'];
      /** @description What the amount beside it contains: face value and booking fee are the amount. Absent where it is face value alone and nothing is said of tax. */
      breakdown?: {
        face_value: number;
        booking_fee: number;
        /** @description Contained in the two above, not added to them. */
        tax: number;
      };
      currency: components['schemas']['Currency'];
      decline_code?: string;
      created_at: components['schemas']['Time'];
      /** @description While the buyer's bank asks him (3-D Secure): of the intent, for Stripe's script. */
      client_secret?: string;
      next_action?: {
        /** @description As Stripe says it, such as `redirect_to_url`. */
        type: string;
        /** @description The bank's page; a path is one of this address. */
        url?: string;
      };
      /** @description The oldest first. */
      refunds?: components['schemas']['Refund'][];
      /** @description What your bank says against the payment. INQUIRY: it asks. OPEN: it has taken the money back until it has decided. WON, LOST: it has, for the seller or for you. */
      dispute?: {
        /** @enum {unknown} */
        status: 'INQUIRY' | 'OPEN' | 'WON' | 'LOST' | 'CLOSED';
        amount: components['schemas']['Money'];
        /** @description Its tickets let nobody in. */
        ticket_frozen: boolean;
      };
      /** @description You may cancel all that is left of it until then: what goes back, and what is kept. Of one booking alone, and absent where its event does not allow it or it is too late. */
      cancellation?: {
        until: components['schemas']['Time'];
        amount: components['schemas']['Money'];
        kept: components['schemas']['Money'];
      };
    };
    BookingBody: {
      reservation_id: components['schemas']['ReservationIdText'];
      /** @description Stripe payment method, e.g. `pm_card_visa`. Not needed for what costs nothing. */
      payment_token?: string;
      /** @description Where the bank's page sends the buyer back to, if it asks him anything. */
      return_url?: string;
      /**
       * @description Should the payment come through only when the reservation is gone and its seats are sold: book as many together, of the same category and total, and do not give it back.
       * @constant
       */
      accept_alternative?: 'same_category';
      /** @description Same key, one charge, one answer. */
      idempotency_key: string;
    };
    /** @description Public id of a booking; names its event. */
    BookingIdText: string;
    CancelBody: {
      /** @description Same key, one cancellation, one answer. */
      idempotency_key: string;
      seat_ids?: components['schemas']['SeatIdText'][];
      areas?: components['schemas']['AreaQuantityBody'][];
      /** @description What is to go back, such as `cancellation.amount` says; should it be another sum by then, nothing is cancelled. Minor units. */
      amount?: number;
    };
    CancelEventBody: {
      /** @description Why, for whoever asks later. */
      reason: string;
      /** @description Kept of each place, at most its price; minor units. Default none. */
      fee_per_place?: number;
      /** @description Booking fees stay as well. Default: they go back. */
      booking_fee_kept?: boolean;
    };
    /** @description HTML. */
    ChallengePage: string;
    /** @description ISO 4217, upper case. */
    Currency: string;
    EventCancellation: {
      event_id: components['schemas']['EventIdText'];
      /**
       * @description NONE: it is not cancelled, and `totals` has what would go back.
       * @enum {unknown}
       */
      state: 'NONE' | 'REQUESTED' | 'REFUNDING' | 'DONE';
      asked_by: string | null;
      reason: string | null;
      asked_at: components['schemas']['Time'] | null;
      ended_at: components['schemas']['Time'] | null;
      fee_per_place: number | null;
      booking_fee_kept: boolean | null;
      /** @description Why it does not get on. */
      error: string | null;
      totals: {
        /**
         * @description WAITING: nothing yet. UNDER_WAY: its places or its money. REFUNDED. FREE: it had cost nothing. NOTHING_LEFT: the money had gone back before, or to its bank. FAILED: finance decides. CLOSED: paid otherwise. LEFT: it lives; `troubles` say why.
         * @enum {unknown}
         */
        outcome:
          | 'WAITING'
          | 'UNDER_WAY'
          | 'REFUNDED'
          | 'FREE'
          | 'NOTHING_LEFT'
          | 'FAILED'
          | 'CLOSED'
          | 'LEFT';
        currency: components['schemas']['Currency'];
        bookings: number;
        amount: components['schemas']['Money'];
        kept: components['schemas']['Money'];
      }[];
      /** @description At most 100; the totals count all. */
      troubles: {
        booking_id: components['schemas']['BookingIdText'];
        /** @enum {unknown} */
        outcome: 'FAILED' | 'LEFT';
        /** @description The provider’s word, or a code of docs/errors.md. */
        reason: string;
        refund_id?: string;
      }[];
    };
    EventDoc: {
      event_id: components['schemas']['EventIdText'];
      name: string;
      type: components['schemas']['EventTypeText'];
      /**
       * Format: date-time
       * @description Its start by the venue's clock.
       */
      date: string;
      /** @description IANA name; where only an offset is known, a zone that always has it, or null. */
      time_zone: string | null;
      venue_id: components['schemas']['VenueIdText'];
      venue_name: string;
      city: string;
      /** @description A small picture, the event's own or else its venue's. What is at the address never changes: another picture has another one. */
      thumbnail_url: string | null;
      performers: string[];
      starts_at: components['schemas']['Time'];
      on_sale_at: components['schemas']['Time'] | null;
      /** @description It does not take place: nothing is sold, and bookings go back. null: it does. */
      cancelled_at: components['schemas']['Time'] | null;
      currency: components['schemas']['Currency'];
      /** @description Decimals of every amount of this event and of its reservations and bookings: 2 in EUR, 0 in JPY. null: not known, of an event that is not charged before an operator says it. */
      currency_digits: number | null;
      price_min: components['schemas']['Money'];
      price_max: components['schemas']['Money'];
      /** @description The same picture, its longer side up to 1280 pixels; null: none. */
      image_url: string | null;
      description: string;
      venue: components['schemas']['HouseDoc'];
      /** @description Who plays, each with the id of a page of their own: `/v1/performers/{id}`. */
      lineup: {
        performer_id: components['schemas']['PerformerIdText'];
        name: string;
      }[];
      layout_hash: string;
      seat_count: number;
      categories: {
        name: string;
        price: components['schemas']['Money'];
        /** @description What the amount beside it contains: face value and booking fee are the amount. Absent where it is face value alone and nothing is said of tax. */
        breakdown?: {
          face_value: number;
          booking_fee: number;
          /** @description Contained in the two above, not added to them. */
          tax: number;
        };
      }[];
      areas: {
        name: components['schemas']['AreaName'];
        capacity: number;
        price: components['schemas']['MoneyOrNone'];
      }[];
      places_per_reservation_max: number;
      places_per_buyer_max: number;
      reservation_seconds: number;
      sale_ends_at: components['schemas']['Time'] | null;
      /**
       * @description verified: only users of an issuer, no guests.
       * @enum {unknown}
       */
      buyers: 'guest' | 'verified';
      /** @description When seats for wheelchair users and companions are for all: never, when the rest of the price class is sold out, or from this time on. */
      accessible_release: ('never' | 'sold_out') | components['schemas']['Time'];
      /** @description Wheelchair spaces that one buyer may have. */
      wheelchair_limit: number;
      /** @description Until when buyers may give bookings back, and what is kept of each place; null: not. */
      cancellation: {
        until: components['schemas']['Time'];
        fee_per_place: components['schemas']['Money'];
        booking_fee_kept: boolean;
      } | null;
      /** @description The booking fee of a ticket: per cent of its face value, and an amount. It is in every price and total already; null: there is none. */
      fees: {
        percent: string;
        per_ticket: components['schemas']['Money'];
      } | null;
      /** @description Contained in every price, face value and fee; null: nothing is said of it. */
      tax: {
        percent: string;
        /** @constant */
        included: true;
      } | null;
      sale_status: components['schemas']['SaleStatus'] | null;
      /** @description null while the owner of the event cannot be reached. */
      availability: components['schemas']['Availability'] | null;
    };
    /** @description Public id of an event. */
    EventIdText: string;
    EventOwner: {
      event_id: components['schemas']['EventIdText'];
      name: string;
      /** @description Incarnation of a shard; null: nobody serves it now. */
      owner: string | null;
      /** @description This gateway hears the owner. */
      owner_alive: boolean;
      epoch: number;
      pinned_to: string | null;
      /** @description Why nobody may serve it; null: it may be served. */
      quarantined: string | null;
    };
    EventSummaryDoc: {
      event_id: components['schemas']['EventIdText'];
      name: string;
      type: components['schemas']['EventTypeText'];
      /**
       * Format: date-time
       * @description Its start by the venue's clock.
       */
      date: string;
      /** @description IANA name; where only an offset is known, a zone that always has it, or null. */
      time_zone: string | null;
      venue_id: components['schemas']['VenueIdText'];
      venue_name: string;
      city: string;
      /** @description A small picture, the event's own or else its venue's. What is at the address never changes: another picture has another one. */
      thumbnail_url: string | null;
      performers: string[];
      starts_at: components['schemas']['Time'];
      on_sale_at: components['schemas']['Time'] | null;
      /** @description It does not take place: nothing is sold, and bookings go back. null: it does. */
      cancelled_at: components['schemas']['Time'] | null;
      currency: components['schemas']['Currency'];
      /** @description Decimals of every amount of this event and of its reservations and bookings: 2 in EUR, 0 in JPY. null: not known, of an event that is not charged before an operator says it. */
      currency_digits: number | null;
      price_min: components['schemas']['Money'];
      price_max: components['schemas']['Money'];
    };
    /** @enum {unknown} */
    EventTypeText: 'concert' | 'theatre' | 'sport' | 'film' | 'family' | 'other';
    ExtendBody: {
      seconds?: number;
    };
    FacetsDoc: {
      /** @description At most 10000; of more matches, so many are counted. */
      total: number;
      types: {
        type: components['schemas']['EventTypeText'];
        events: number;
      }[];
      /** @description Most events first, at most 50. */
      cities: {
        city: string;
        events: number;
      }[];
      /** @description As 2027-03, by the calendar at the venue; at most 36. */
      months: {
        month: string;
        events: number;
      }[];
    };
    HistoryEntry: {
      version: number;
      at: components['schemas']['Time'] | null;
      /** @description The fact; `Unknown` is one of a newer release. */
      what: string;
      by: {
        role: string;
        name: string;
      } | null;
      reservation_id?: string;
      booking_id?: string;
      user_id?: string;
      seat_ids?: string[];
      areas?: {
        area: string;
        quantity: number;
      }[];
    };
    HouseDoc: {
      venue_id: components['schemas']['VenueIdText'];
      name: string;
      city: string;
      /** @description In one line; null: not known. */
      address: string | null;
      /** @description People; null: not known. */
      capacity: number | null;
      /** @description IANA name; null: not known. */
      time_zone: string | null;
      /** @description A small picture of it; null: none. */
      thumbnail_url: string | null;
      /** @description The same picture, its longer side up to 1280 pixels; null: none. */
      image_url: string | null;
    };
    JoinBody: {
      /** @description Chosen at random by the client and kept by it: hides who stands behind an entry of the draw, and shows its owner that it is his. */
      nonce: string;
      /**
       * @description For how many places.
       * @default 1
       */
      party: number;
    };
    LayoutDoc: {
      hash: components['schemas']['LayoutHash'];
    };
    /** @description SHA-256 of the plan, in hexadecimal. */
    LayoutHash: string;
    /** @description SHA-256 of the picture, in hexadecimal. */
    MediaHash: string;
    /** @description Amount in the minor unit of the currency. */
    Money: number;
    /** @description null: not for sale. 0 is a price. */
    MoneyOrNone: components['schemas']['Money'] | null;
    OfficeEvent: {
      event_id: components['schemas']['EventIdText'];
      name: string;
      /** @description null: nobody’s. */
      organiser: string | null;
      starts_at: components['schemas']['Time'];
    };
    PartyBody: {
      /** @description No more than it was. */
      party: number;
    };
    PerformerDoc: {
      performer_id: components['schemas']['PerformerIdText'];
      name: string;
      description: string;
      links: string[];
      /** @description One page of those that are still to come, by start. */
      events: components['schemas']['EventSummaryDoc'][];
    };
    /** @description Public id of a performer. */
    PerformerIdText: string;
    /**
     * Format: binary
     * @description WebP.
     */
    PictureDoc: string;
    PriceLineDoc:
      | {
          seat_ids: components['schemas']['SeatIdText'][];
          seat_labels: string[];
          price: components['schemas']['Money'];
        }
      | {
          area: string;
          quantity: number;
          price: components['schemas']['Money'];
        };
    QueuePlace: {
      room: string;
      /**
       * @description called: ask again by POST before `claim_until`, which admits. lapsed, over: POST takes a new place behind all others.
       * @enum {unknown}
       */
      state: 'waiting' | 'called' | 'admitted' | 'lapsed' | 'over';
      /** @description In the order in which people came. */
      index: number;
      /** @description That of the first request, which the place was made with. */
      nonce: string;
      party: number;
      /** @description How many stand before in all. null: not drawn yet. */
      position: number | null;
      /** @description How many are still to be called before. */
      before: number | null;
      /** @description From and to, by the pace of the last minute. null: not known. */
      estimate_seconds: number[] | null;
      /** @description When a called place lapses. */
      claim_until: components['schemas']['Time'] | null;
      /** @description To be sent as `admission` with each hold. */
      admission: {
        token: string;
        until: components['schemas']['Time'];
      } | null;
      /** @description Whether the party could sit together: now; not now, but what is held may come back; not any more. A smaller party keeps the place. null: not known. */
      fits: ('now' | 'held' | 'no') | null;
      /** @description Signature of the room over index and entry, hex. */
      receipt: string;
      ask_again_ms: number;
    };
    QueueProof: {
      room: string;
      commitment: string;
      verify_key: string;
      user_id: string;
      nonce: string;
      index: number;
      receipt: string;
      head: {
        size: number;
        root: string;
        /** @description Milliseconds since 1970. */
        at: number;
        /** @description Nobody is added to the draw after it. */
        final: boolean;
        signature: string;
      };
      path: string[];
      secret: string | null;
      position: number | null;
      /** @description Heads seen before, each with what shows that `head` continues it. */
      seen?: {
        head: {
          size: number;
          root: string;
          /** @description Milliseconds since 1970. */
          at: number;
          /** @description Nobody is added to the draw after it. */
          final: boolean;
          signature: string;
        };
        path: string[];
      }[];
      /** @description That `head` continues the tree of `since`. */
      since_path?: string[];
    };
    QueueServing: {
      room: string;
      /** @enum {unknown} */
      phase: 'scheduled' | 'lobby' | 'drawing' | 'serving' | 'closed';
      /**
       * @description Before what it stands: holds alone, or the map as well.
       * @enum {unknown}
       */
      scope: 'hold' | 'map';
      opens_at: components['schemas']['Time'];
      draws_at: components['schemas']['Time'];
      /** @description Places for one, at most. */
      party_max: number;
      /** @description In which who is called must come. */
      claim_seconds: number;
      /** @description In which who came may hold. */
      admission_seconds: number;
      joined: number;
      /** @description Positions below it were called. */
      serving: number;
      called_per_minute: number;
      paused: boolean;
      /** @description Nothing is free or held. */
      sold_out: boolean;
      /** @description null: not known. */
      places_free: number | null;
      /** @description By people who have not begun to pay; may come back. */
      places_held: number | null;
      /** @description Being paid for; few of them come back. */
      places_paying: number | null;
      /** @description How many parties of one, of two, … up to `party_max` could sit together now. */
      together: number[] | null;
      /** @description Of the organiser; empty: none. */
      message: string;
      /** @description SHA-256 of the secret, hex; from the start. */
      commitment: string;
      /** @description Ed25519, hex. */
      verify_key: string;
      /** @description The newest of the tree of entrants. */
      head: {
        size: number;
        root: string;
        /** @description Milliseconds since 1970. */
        at: number;
        /** @description Nobody is added to the draw after it. */
        final: boolean;
        signature: string;
      } | null;
      /** @description After the draw. */
      secret: string | null;
    };
    Quote: {
      until: components['schemas']['Time'];
      amount: components['schemas']['Money'];
      kept: components['schemas']['Money'];
    };
    QuoteBody: {
      seat_ids?: components['schemas']['SeatIdText'][];
      areas?: components['schemas']['AreaQuantityBody'][];
    };
    ReasonBody: {
      /** @description Why, for whoever asks later. */
      reason: string;
    };
    Received: {
      /** @constant */
      received: true;
    };
    Refund: {
      refund_id: string;
      booking_id: components['schemas']['BookingIdText'];
      /**
       * @description FAILED: it did not arrive, and finance decides. CLOSED: it was paid otherwise.
       * @enum {unknown}
       */
      status: 'UNDER_WAY' | 'DONE' | 'FAILED' | 'CLOSED';
      /** @description No longer the buyer's. Without seats and areas: an amount alone. */
      seat_ids: components['schemas']['SeatIdText'][];
      areas: components['schemas']['AreaQuantityBody'][];
      amount: components['schemas']['Money'];
      /** @description What the amount beside it contains: face value and booking fee are the amount. Absent where it is face value alone and nothing is said of tax. */
      breakdown?: {
        face_value: number;
        booking_fee: number;
        /** @description Contained in the two above, not added to them. */
        tax: number;
      };
      kept: components['schemas']['Money'];
      currency: components['schemas']['Currency'];
      reason: string;
      created_at: components['schemas']['Time'];
    };
    RefundBody: {
      /** @description Why, for whoever asks later. */
      reason: string;
      /** @description Same key, one refund, one answer: ask again with it to hear how far it is. */
      idempotency_key: string;
      seat_ids?: components['schemas']['SeatIdText'][];
      areas?: components['schemas']['AreaQuantityBody'][];
      /** @description So much and no place; minor units. */
      amount?: number;
      /** @description ISO 4217, upper case. */
      currency?: string;
      /** @description Kept of each place; minor units. */
      fee_per_place?: number;
      /** @description The places are not sold again. */
      off_sale?: boolean;
    };
    /** @description Absent: the whole reservation is released. */
    ReleaseBody: {
      seat_ids?: components['schemas']['SeatIdText'][];
      areas?: components['schemas']['AreaQuantityBody'][];
    };
    ReplayPage: {
      steps: components['schemas']['ReplayStep'][];
      /** @description For `after`; what comes later is behind it. */
      next: number;
      /** @description There may be more by now. */
      more: boolean;
    };
    ReplayStep: {
      /** @description Milliseconds since 1970. */
      at: number;
      /**
       * @description The fact; `Unknown`: one of a newer release, and the map is not known from then.
       * @enum {unknown}
       */
      what:
        | 'SaleOpened'
        | 'SaleClosed'
        | 'SeatsHeld'
        | 'HoldExtended'
        | 'HoldReleased'
        | 'HoldExpired'
        | 'PaymentBegun'
        | 'PaymentFailed'
        | 'SeatsBooked'
        | 'BookingCancelled'
        | 'SeatsBlocked'
        | 'SeatsUnblocked'
        | 'CommandRefused'
        | 'RulesChanged'
        | 'SeatsBookedLate'
        | 'EventCancelled'
        | 'Unknown';
      /** @description The same for all steps of one hold, and no id of anything. `HoldExpired` frees what is left of its `SeatsHeld`. */
      hold?: string;
      /** @description Positions in the layout. */
      seats?: number[];
      areas?: {
        /** @description Position among the areas of the layout. */
        area: number;
        quantity: number;
      }[];
      /** @description Of `BookingCancelled`: blocked from then on, else free. */
      off_sale?: boolean;
    };
    Reservation: {
      reservation_id: components['schemas']['ReservationIdText'];
      event_id: components['schemas']['EventIdText'];
      seat_ids: components['schemas']['SeatIdText'][];
      seat_labels: components['schemas']['SeatLabelTexts'];
      areas: components['schemas']['AreaQuantityBody'][];
      total: components['schemas']['Money'];
      /** @description What the amount beside it contains: face value and booking fee are the amount. Absent where it is face value alone and nothing is said of tax. */
      breakdown?: {
        face_value: number;
        booking_fee: number;
        /** @description Contained in the two above, not added to them. */
        tax: number;
      };
      currency: components['schemas']['Currency'];
      expires_at: components['schemas']['Time'];
    };
    ReservationBody: {
      event_id: components['schemas']['AskedEventId'];
      /** @description Named seats. */
      seat_ids?: components['schemas']['SeatIdText'][];
      /** @description General admission. */
      areas?: components['schemas']['AreaQuantityBody'][];
      /** @description Blocks that the engine chooses. */
      best_available?: components['schemas']['BestAvailableBody'][];
      /** @description Of those on `seat_ids`, how many need a wheelchair space. */
      wheelchairs?: number;
      /** @description Of the waiting room, where the event has one (`admission.token`). */
      admission?: string;
      /** @description What was shown, in minor units: at another total nothing is held. */
      expected_total?: number;
    };
    /** @description Public id of a reservation; names its event. */
    ReservationIdText: string;
    ReservationState: {
      /** @enum {unknown} */
      status: 'held' | 'paying' | 'released';
      reservation_id: components['schemas']['ReservationIdText'];
      event_id: components['schemas']['EventIdText'];
      seat_ids: components['schemas']['SeatIdText'][];
      seat_labels: components['schemas']['SeatLabelTexts'];
      areas: components['schemas']['AreaQuantityBody'][];
      total: components['schemas']['Money'];
      /** @description What the amount beside it contains: face value and booking fee are the amount. Absent where it is face value alone and nothing is said of tax. */
      breakdown?: {
        face_value: number;
        booking_fee: number;
        /** @description Contained in the two above, not added to them. */
        tax: number;
      };
      currency: components['schemas']['Currency'];
      expires_at: components['schemas']['Time'];
    };
    SaleState: {
      event_id: components['schemas']['EventIdText'];
      sale_status: components['schemas']['SaleStatus'];
    };
    /** @enum {unknown} */
    SaleStatus: 'scheduled' | 'open' | 'closed';
    Sales: {
      event_id: components['schemas']['EventIdText'];
      name: string;
      /** @description null: nobody’s. */
      organiser: string | null;
      starts_at: components['schemas']['Time'];
      sale_status: components['schemas']['SaleStatus'];
      version: number;
      seats: {
        free: number;
        held: number;
        booked: number;
        blocked: number;
      };
      areas: components['schemas']['AreaState'][];
      /** @description Live ones: what was cancelled is not in it. */
      bookings: number;
      takings: components['schemas']['Money'];
      currency: components['schemas']['Currency'];
    };
    SeatDoc: {
      seat_id: components['schemas']['SeatIdText'];
      section: string;
      row: string;
      number: string;
      label: components['schemas']['SeatLabelText'];
      /** @enum {unknown} */
      status: 'AVAILABLE' | 'HELD' | 'BOOKED' | 'BLOCKED';
      price: components['schemas']['MoneyOrNone'];
    };
    /** @description The seating plan's own id of a seat. */
    SeatIdText: string;
    /** @description What people call the seat: section, row and seat. */
    SeatLabelText: string;
    /** @description What people call these seats, in the order of seat_ids. */
    SeatLabelTexts: string[];
    /** @description Names one state of the seats of the event, and never another. */
    SeatsVersion: string;
    Session: {
      user_id: string;
      token: string;
      expires_at: components['schemas']['Time'];
    };
    ShardState: {
      /** @description Its name, the same after a restart. */
      shard: string;
      /** @description Of this start of it. */
      incarnation: string;
      host: string;
      /** @enum {unknown} */
      state: 'active' | 'cordoned' | 'draining';
      weight: number;
      events: number;
      commands_per_second: number;
    };
    ShopConfig: {
      /** @description For Stripe's script. null: payments are simulated here, and `payment_token` is the name of a test card. */
      stripe_publishable_key: string | null;
    };
    SnapshotDoc: {
      /** @constant */
      type: 'snapshot';
      event_id: components['schemas']['EventIdText'];
      version: number;
      sale_status: components['schemas']['SaleStatus'];
      layout_hash: string;
      /** @description One character a seat index: f free, h held, b booked, x blocked. */
      statuses: string;
      areas: components['schemas']['AreaState'][];
    };
    SystemStatus: {
      at: components['schemas']['Time'];
      gateway: {
        /** @enum {unknown} */
        edge: 'uws' | 'node';
        /** @enum {unknown} */
        state: 'serving' | 'lame_duck' | 'stopping';
        sockets: number;
        streams: number;
        /** @description What it lacks to be ready. */
        missing: string[];
      };
      shards: components['schemas']['ShardState'][];
      /** @description The first of them. */
      quarantined: components['schemas']['EventOwner'][];
      owners: components['schemas']['EventOwner'][];
      /** @description For `after`; null: that is all. */
      next: string | null;
    };
    /**
     * Format: date-time
     * @description RFC 3339, UTC.
     */
    Time: string;
    VenueDoc: {
      venue_id: components['schemas']['VenueIdText'];
      name: string;
      city: string;
      /** @description In one line; null: not known. */
      address: string | null;
      /** @description People; null: not known. */
      capacity: number | null;
      /** @description IANA name; null: not known. */
      time_zone: string | null;
      /** @description A small picture of it; null: none. */
      thumbnail_url: string | null;
      /** @description The same picture, its longer side up to 1280 pixels; null: none. */
      image_url: string | null;
      /** @description One page of those that are still to come, by start. */
      events: components['schemas']['EventSummaryDoc'][];
    };
    /** @description Public id of a venue. */
    VenueIdText: string;
    ErrorBody: {
      error: {
        /**
         * @description See docs/errors.md.
         * @enum {unknown}
         */
        code:
          | 'malformed_json'
          | 'invalid_request'
          | 'invalid_signature'
          | 'ambiguous_framing'
          | 'body_too_large'
          | 'headers_too_large'
          | 'not_found'
          | 'method_not_allowed'
          | 'upgrade_required'
          | 'unauthorized'
          | 'token_expired'
          | 'forbidden'
          | 'rate_limited'
          | 'overloaded'
          | 'unavailable'
          | 'outcome_unknown'
          | 'shutting_down'
          | 'internal'
          | 'unknown_message'
          | 'event_not_found'
          | 'version_not_found'
          | 'venue_not_found'
          | 'performer_not_found'
          | 'layout_not_found'
          | 'media_not_found'
          | 'unknown_seat'
          | 'unknown_area'
          | 'unknown_category'
          | 'unknown_section'
          | 'duplicate_seat'
          | 'too_many_places'
          | 'reservation_not_found'
          | 'reservation_expired'
          | 'reservation_id_taken'
          | 'not_in_reservation'
          | 'booking_not_found'
          | 'not_in_booking'
          | 'idempotency_key_reused'
          | 'sale_not_open'
          | 'sale_closed'
          | 'sale_ended'
          | 'event_cancelled'
          | 'seats_unavailable'
          | 'area_full'
          | 'accessible_seats_protected'
          | 'no_block_available'
          | 'seats_not_blocked'
          | 'stranded_single'
          | 'buyer_limit'
          | 'accessible_limit'
          | 'address_limit'
          | 'extension_limit'
          | 'verified_buyers_only'
          | 'room_not_found'
          | 'room_not_open'
          | 'room_closed'
          | 'not_in_room'
          | 'not_in_draw'
          | 'proof_not_ready'
          | 'admission_needed'
          | 'map_needs_admission'
          | 'admission_invalid'
          | 'admission_expired'
          | 'party_limit'
          | 'price_changed'
          | 'not_finalized'
          | 'payment_declined'
          | 'too_many_declines'
          | 'already_booked'
          | 'payment_in_progress'
          | 'amount_not_chargeable'
          | 'no_payment_in_progress'
          | 'payment_attempt_mismatch'
          | 'already_refunded'
          | 'refund_too_high'
          | 'price_not_known'
          | 'currency_mismatch'
          | 'cancellation_not_allowed'
          | 'cancellation_over'
          | 'cancellation_changed'
          | 'booking_disputed'
          | 'superseded';
        message: string;
        retry_after_ms?: number;
        roles?: string[];
        /** @description Path of the offending field. */
        field?: string;
        detail?: string;
        seat_ids?: string[];
        /** @description What people call these seats, in the order of seat_ids. */
        seat_labels?: string[];
        areas?: string[];
        alternative?: {
          seat_ids: string[];
          seat_labels: components['schemas']['SeatLabelTexts'];
        };
        lines?: components['schemas']['PriceLineDoc'][];
        total?: number;
        currency?: string;
        limit?: number;
        left?: number;
        decline_code?: string;
        reservation_id?: string;
        booking_id?: string;
        /** @description Also in the header Trace-Id. */
        trace_id?: string;
      };
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  showConfig: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The same for everybody. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ShopConfig'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  openSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description A new identity and its token. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
      /** @description `invalid_request`, `malformed_json`, `ambiguous_framing` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `body_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  listEvents: {
    parameters: {
      query?: {
        keyword?: string;
        city?: string;
        start?: string;
        end?: string;
        type?: 'concert' | 'theatre' | 'sport' | 'film' | 'family' | 'other';
        available?: 'true' | 'false';
        page?: number;
        page_size?: number;
      };
      header?: {
        'Accept-Encoding'?: string;
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page of events, some seconds old at most. */
      200: {
        headers: {
          /** @description How many events match, on all pages: at most 10000, which means so many or more. Pages reach as far. */
          'X-Total-Count'?: string;
          /** @description RFC 8288: the pages first, prev, next and last. */
          Link?: string;
          /** @description Of this page and coding. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventSummaryDoc'][];
        };
      };
      /** @description Nothing changed. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  searchEvents: {
    parameters: {
      query?: {
        keyword?: string;
        city?: string;
        start?: string;
        end?: string;
        type?: 'concert' | 'theatre' | 'sport' | 'film' | 'family' | 'other';
        available?: 'true' | 'false';
        page?: number;
        pageSize?: number;
      };
      header?: {
        'Accept-Encoding'?: string;
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page of events, some seconds old at most. */
      200: {
        headers: {
          /** @description How many events match, on all pages: at most 10000, which means so many or more. Pages reach as far. */
          'X-Total-Count'?: string;
          /** @description RFC 8288: the pages first, prev, next and last. */
          Link?: string;
          /** @description Of this page and coding. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventSummaryDoc'][];
        };
      };
      /** @description Nothing changed. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showFacets: {
    parameters: {
      query?: {
        keyword?: string;
        city?: string;
        start?: string;
        end?: string;
        type?: 'concert' | 'theatre' | 'sport' | 'film' | 'family' | 'other';
        available?: 'true' | 'false';
      };
      header?: {
        'Accept-Encoding'?: string;
        'If-None-Match'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The counts, some seconds old. */
      200: {
        headers: {
          /** @description Of these counts and coding. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FacetsDoc'];
        };
      };
      /** @description Nothing changed. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showEvent: {
    parameters: {
      query?: never;
      header?: {
        'Accept-Encoding'?: string;
        'If-None-Match'?: string;
      };
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The event, as it is when it is asked for. */
      200: {
        headers: {
          /** @description Of this state and coding; absent while its seats are not known. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventDoc'];
        };
      };
      /** @description Nothing changed. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `event_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showVenue: {
    parameters: {
      query?: {
        page?: number;
        page_size?: number;
      };
      header?: {
        'Accept-Encoding'?: string;
        'If-None-Match'?: string;
      };
      path: {
        venue_id: components['schemas']['AskedId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The venue. */
      200: {
        headers: {
          /** @description How many events match, on all pages: at most 10000, which means so many or more. Pages reach as far. */
          'X-Total-Count'?: string;
          /** @description RFC 8288: the pages first, prev, next and last. */
          Link?: string;
          /** @description Of this page and coding. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['VenueDoc'];
        };
      };
      /** @description Nothing changed. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `venue_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showPerformer: {
    parameters: {
      query?: {
        page?: number;
        page_size?: number;
      };
      header?: {
        'Accept-Encoding'?: string;
        'If-None-Match'?: string;
      };
      path: {
        performer_id: components['schemas']['AskedId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The performer. */
      200: {
        headers: {
          /** @description How many events match, on all pages: at most 10000, which means so many or more. Pages reach as far. */
          'X-Total-Count'?: string;
          /** @description RFC 8288: the pages first, prev, next and last. */
          Link?: string;
          /** @description Of this page and coding. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PerformerDoc'];
        };
      };
      /** @description Nothing changed. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `performer_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showLayout: {
    parameters: {
      query?: never;
      header?: {
        'Accept-Encoding'?: string;
        'If-None-Match'?: string;
      };
      path: {
        hash: components['schemas']['LayoutHash'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The plan. */
      200: {
        headers: {
          /** @description Its hash. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LayoutDoc'];
        };
      };
      /** @description The client has it. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `layout_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showMedia: {
    parameters: {
      query?: never;
      header?: {
        'If-None-Match'?: string;
      };
      path: {
        hash: components['schemas']['MediaHash'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The picture. */
      200: {
        headers: {
          /** @description Its hash. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'image/webp': components['schemas']['PictureDoc'];
        };
      };
      /** @description The client has it. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `media_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showSeats: {
    parameters: {
      query?: {
        admission?: string;
      };
      header?: {
        'Accept-Encoding'?: string;
        'If-None-Match'?: string;
      };
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The seats; compact on request. */
      200: {
        headers: {
          /** @description Of this state, form and coding. */
          ETag?: string;
          /** @description The address of this very state, as rel="duplicate". */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SeatDoc'][];
          'application/vnd.holdfast.seats': components['schemas']['SnapshotDoc'];
        };
      };
      /** @description Nothing changed. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `token_expired`, `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `map_needs_admission`, `admission_invalid` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `admission_expired` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showSeatsVersion: {
    parameters: {
      query?: {
        admission?: string;
      };
      header?: {
        'Accept-Encoding'?: string;
        'If-None-Match'?: string;
      };
      path: {
        event_id: components['schemas']['AskedEventId'];
        version: components['schemas']['SeatsVersion'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The seats; compact on request. */
      200: {
        headers: {
          /** @description Of this state, form and coding. */
          ETag?: string;
          /** @description The address of this very state, as rel="duplicate". */
          Link?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SeatDoc'][];
          'application/vnd.holdfast.seats': components['schemas']['SnapshotDoc'];
        };
      };
      /** @description The client has it. */
      304: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `token_expired`, `unauthorized` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `map_needs_admission`, `admission_invalid` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found`, `version_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `admission_expired` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  watchEvent: {
    parameters: {
      query?: {
        token?: string;
        admission?: string;
        version?: string;
        only?: 'room';
      };
      header?: {
        'Last-Event-ID'?: string;
      };
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description WebSocket: one snapshot, then diffs. */
      101: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The same frames as events. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `map_needs_admission`, `admission_invalid` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found`, `room_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `admission_expired` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `upgrade_required` */
      426: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showQueuePlace: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The place. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['QueuePlace'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found`, `room_not_found`, `not_in_room` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  joinQueue: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['JoinBody'];
      };
    };
    responses: {
      /** @description The place. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['QueuePlace'];
        };
      };
      /** @description `invalid_request`, `malformed_json`, `ambiguous_framing`, `too_many_places` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found`, `room_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `room_not_open`, `room_closed`, `verified_buyers_only` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `body_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  leaveQueue: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The place. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['QueuePlace'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found`, `room_not_found`, `not_in_room` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  lowerParty: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PartyBody'];
      };
    };
    responses: {
      /** @description The place. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['QueuePlace'];
        };
      };
      /** @description `invalid_request`, `malformed_json`, `ambiguous_framing` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found`, `room_not_found`, `not_in_room` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `room_closed`, `party_limit` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `body_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showQueueProof: {
    parameters: {
      query?: {
        since?: number;
      };
      header?: never;
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The proof. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['QueueProof'];
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found`, `room_not_found`, `not_in_room`, `not_in_draw` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `proof_not_ready` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showQueueServing: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The room. */
      200: {
        headers: {
          /** @description How long a cache may keep it. */
          'Cache-Control'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['QueueServing'];
        };
      };
      /** @description The event has none. */
      204: {
        headers: {
          /** @description How long a cache may keep it. */
          'Cache-Control'?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `event_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  createReservation: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ReservationBody'];
      };
    };
    responses: {
      /** @description Held. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Reservation'];
        };
      };
      /** @description `invalid_request`, `malformed_json`, `ambiguous_framing`, `unknown_seat`, `unknown_area`, `unknown_category`, `unknown_section`, `duplicate_seat`, `too_many_places` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `admission_invalid` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `idempotency_key_reused`, `verified_buyers_only`, `admission_needed`, `admission_expired`, `party_limit`, `sale_ended`, `event_cancelled`, `sale_not_open`, `sale_closed`, `seats_unavailable`, `area_full`, `accessible_seats_protected`, `no_block_available`, `stranded_single`, `buyer_limit`, `accessible_limit`, `price_changed` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `body_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `address_limit`, `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `outcome_unknown`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showReservation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        reservation_id: components['schemas']['ReservationIdText'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The reservation. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReservationState'];
        };
      };
      /** @description `invalid_request`, `reservation_expired` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `reservation_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `outcome_unknown`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  releaseReservation: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        reservation_id: components['schemas']['ReservationIdText'];
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['ReleaseBody'];
      };
    };
    responses: {
      /** @description What is left of it. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReservationState'];
        };
      };
      /** @description `invalid_request`, `malformed_json`, `ambiguous_framing`, `unknown_seat`, `unknown_area`, `duplicate_seat`, `not_in_reservation`, `reservation_expired` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `reservation_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `idempotency_key_reused`, `payment_in_progress` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `body_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `outcome_unknown`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  extendReservation: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        reservation_id: components['schemas']['ReservationIdText'];
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['ExtendBody'];
      };
    };
    responses: {
      /** @description With its new deadline. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReservationState'];
        };
      };
      /** @description `invalid_request`, `malformed_json`, `ambiguous_framing`, `reservation_expired` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `reservation_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `extension_limit`, `idempotency_key_reused`, `payment_in_progress` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `body_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `outcome_unknown`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  createBooking: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['BookingBody'];
      };
    };
    responses: {
      /** @description Paid and booked. */
      201: {
        headers: {
          /** @description It. */
          Location?: string;
          /** @description By which the logs tell of it. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Booking'];
        };
      };
      /** @description Still running. With `next_action` it waits for the buyer, who answers his bank there; the reservation is kept until its payment deadline. */
      202: {
        headers: {
          /** @description It. */
          Location?: string;
          /** @description By which the logs tell of it. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Booking'];
        };
      };
      /** @description `invalid_request`, `malformed_json`, `ambiguous_framing`, `reservation_expired` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `payment_declined` */
      402: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `reservation_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `already_booked`, `sale_ended`, `event_cancelled`, `amount_not_chargeable`, `payment_in_progress`, `idempotency_key_reused` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `body_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `too_many_declines`, `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `outcome_unknown`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showBooking: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        booking_id: components['schemas']['BookingIdText'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The booking. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Booking'];
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `booking_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  listBookings: {
    parameters: {
      query?: {
        page_size?: number;
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page, declined and expired attempts included. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            bookings: components['schemas']['Booking'][];
            next_cursor: string | null;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  cancelBooking: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        booking_id: components['schemas']['BookingIdText'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CancelBody'];
      };
    };
    responses: {
      /** @description It is under way, or was before. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Refund'];
        };
      };
      /** @description `invalid_request`, `malformed_json`, `ambiguous_framing`, `not_in_booking`, `unknown_seat`, `unknown_area` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `booking_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `cancellation_not_allowed`, `cancellation_over`, `cancellation_changed`, `payment_in_progress`, `already_refunded`, `booking_disputed`, `refund_too_high`, `price_not_known`, `amount_not_chargeable`, `idempotency_key_reused` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `body_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `outcome_unknown`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  quoteCancellation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        booking_id: components['schemas']['BookingIdText'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['QuoteBody'];
      };
    };
    responses: {
      /** @description What goes back now. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Quote'];
        };
      };
      /** @description `invalid_request`, `malformed_json`, `ambiguous_framing`, `not_in_booking`, `unknown_seat`, `unknown_area` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `booking_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `cancellation_not_allowed`, `cancellation_over`, `already_refunded`, `booking_disputed`, `refund_too_high`, `price_not_known`, `amount_not_chargeable` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `body_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  lockSeats: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ReservationBody'];
      };
    };
    responses: {
      /** @description Locked. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @constant */
            status: 'locked';
            reservation_id: components['schemas']['ReservationIdText'];
            event_id: components['schemas']['EventIdText'];
            seat_ids: components['schemas']['SeatIdText'][];
            seat_labels: components['schemas']['SeatLabelTexts'];
            areas: components['schemas']['AreaQuantityBody'][];
            total: components['schemas']['Money'];
            /** @description What the amount beside it contains: face value and booking fee are the amount. Absent where it is face value alone and nothing is said of tax. */
            breakdown?: {
              face_value: number;
              booking_fee: number;
              /** @description Contained in the two above, not added to them. */
              tax: number;
            };
            currency: components['schemas']['Currency'];
            expires_at: components['schemas']['Time'];
          };
        };
      };
      /** @description `invalid_request`, `malformed_json`, `ambiguous_framing`, `unknown_seat`, `unknown_area`, `unknown_category`, `unknown_section`, `duplicate_seat`, `too_many_places` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `admission_invalid` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `idempotency_key_reused`, `verified_buyers_only`, `admission_needed`, `admission_expired`, `party_limit`, `sale_ended`, `event_cancelled`, `sale_not_open`, `sale_closed`, `seats_unavailable`, `area_full`, `accessible_seats_protected`, `no_block_available`, `stranded_single`, `buyer_limit`, `accessible_limit`, `price_changed` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `body_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `address_limit`, `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `outcome_unknown`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  checkout: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['BookingBody'];
      };
    };
    responses: {
      /** @description Accepted. */
      202: {
        headers: {
          /** @description It. */
          Location?: string;
          /** @description By which the logs tell of it. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Booking'];
        };
      };
      /** @description `invalid_request`, `malformed_json`, `ambiguous_framing`, `reservation_expired` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `payment_declined` */
      402: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `reservation_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `already_booked`, `sale_ended`, `event_cancelled`, `amount_not_chargeable`, `payment_in_progress`, `idempotency_key_reused` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `body_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `too_many_declines`, `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `outcome_unknown`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  hearStripe: {
    parameters: {
      query?: never;
      header?: {
        'Stripe-Signature'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': unknown;
      };
    };
    responses: {
      /** @description Recorded. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Received'];
        };
      };
      /** @description `invalid_signature`, `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showChallenge: {
    parameters: {
      query: {
        client_secret: string;
      };
      header?: never;
      path: {
        intent_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The page. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': components['schemas']['ChallengePage'];
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  answerChallenge: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        intent_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/x-www-form-urlencoded': unknown;
      };
    };
    responses: {
      /** @description A page. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': components['schemas']['ChallengePage'];
        };
      };
      /** @description Back to the `return_url`. */
      303: {
        headers: {
          /** @description It. */
          Location?: string;
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  listOfficeEvents: {
    parameters: {
      query?: {
        after?: string;
        page_size?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            events: components['schemas']['OfficeEvent'][];
            /** @description For `after`; null: that is all. */
            next: string | null;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `forbidden` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showSales: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description As it is now. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Sales'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `forbidden` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  openSale: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ReasonBody'];
      };
    };
    responses: {
      /** @description Done, or it was so already. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SaleState'];
        };
      };
      /** @description `invalid_request`, `malformed_json`, `ambiguous_framing` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `forbidden` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `body_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `outcome_unknown`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  closeSale: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ReasonBody'];
      };
    };
    responses: {
      /** @description Done, or it was so already. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SaleState'];
        };
      };
      /** @description `invalid_request`, `malformed_json`, `ambiguous_framing` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `forbidden` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `body_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `outcome_unknown`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showHistory: {
    parameters: {
      query?: {
        before?: number;
      };
      header?: never;
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page; buyers only by their ids. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            entries: components['schemas']['HistoryEntry'][];
            /** @description null: that is all. */
            next: number | null;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `forbidden` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showAudit: {
    parameters: {
      query?: {
        before?: number;
      };
      header?: never;
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            entries: components['schemas']['AuditEntry'][];
            /** @description null: that is all. */
            next: number | null;
          };
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `forbidden` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  startRefund: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        event_id: components['schemas']['AskedEventId'];
        booking_id: components['schemas']['BookingIdText'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RefundBody'];
      };
    };
    responses: {
      /** @description It is under way, or was before. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Refund'];
        };
      };
      /** @description `invalid_request`, `malformed_json`, `ambiguous_framing`, `not_in_booking`, `unknown_seat`, `unknown_area` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `forbidden` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found`, `booking_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `payment_in_progress`, `already_refunded`, `booking_disputed`, `refund_too_high`, `price_not_known`, `currency_mismatch`, `amount_not_chargeable`, `not_finalized`, `idempotency_key_reused` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `body_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `outcome_unknown`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  cancelEvent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CancelEventBody'];
      };
    };
    responses: {
      /** @description It is under way, or was before. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventCancellation'];
        };
      };
      /** @description `invalid_request`, `malformed_json`, `ambiguous_framing` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `forbidden` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_cancelled`, `not_finalized` */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `body_too_large` */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showCancellation: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description As it is now. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EventCancellation'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `forbidden` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `overloaded`, `unavailable`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showReplay: {
    parameters: {
      query?: {
        after?: number;
      };
      header?: never;
      path: {
        event_id: components['schemas']['AskedEventId'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One page, oldest first. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReplayPage'];
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `forbidden` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `event_not_found` */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  showStatus: {
    parameters: {
      query?: {
        after?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description As it is now; owners in pages. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SystemStatus'];
        };
      };
      /** @description `invalid_request` */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unauthorized`, `token_expired` */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `forbidden` */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `rate_limited` */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `headers_too_large` */
      431: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description `unavailable`, `overloaded`, `shutting_down` */
      503: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  livez: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Alive. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            status: string;
          };
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
    };
  };
  readyz: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Ready. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            status: string;
          };
        };
      };
      /** @description `internal` */
      500: {
        headers: {
          /** @description The trace_id. */
          'Trace-Id'?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ErrorBody'];
        };
      };
      /** @description Not ready; says what is missing. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            status: string;
            missing: string[];
          };
        };
      };
    };
  };
}
