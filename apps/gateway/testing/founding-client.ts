/**
 * Written from the block of calls that Holdfast was asked for and from nothing else: plain fetch, a
 * token that somebody gave it, the words of that block. Whoever changes a word finds out here.
 */
type Row = Readonly<Record<string, string | number | null>>;
type Held = { readonly reservation_id: string; readonly expires_at: string };
type Booked = { readonly booking_id: string; readonly status: string };

export class FoundingClient {
  constructor(
    private readonly base: string,
    private readonly token: string,
  ) {}

  events = (keyword: string, city: string) =>
    this.call<Row[]>('GET', `/v1/events?keyword=${keyword}&city=${city}`);

  search = (keyword: string, start: string, end: string, pageSize: number, page: number) => {
    const query = `keyword=${keyword}&start=${start}&end=${end}&pageSize=${pageSize}&page=${page}`;
    return this.call<Row[]>('GET', `/v1/events/search?${query}`);
  };

  seats = (eventId: unknown) => this.call<Row[]>('GET', `/v1/events/${String(eventId)}/seats`);

  reserve = (event_id: unknown, seat_ids: readonly unknown[], path = '/v1/reservations') =>
    this.call<Held>('POST', path, { event_id, seat_ids });

  pay = (reservation_id: string, payment_token: string, key: string, path = '/v1/bookings') =>
    this.call<Booked>('POST', path, { reservation_id, payment_token, idempotency_key: key });

  private async call<Answer>(method: string, path: string, body?: object) {
    const response = await fetch(this.base + path, {
      method,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer };
  }
}
