import type { HttpResponse } from 'uWebSockets.js';

/** The whole body as text; it mostly comes in one piece, which is not copied twice. */
export function readBody(response: HttpResponse, done: (text: string) => void): void {
  let body: Buffer | null = null;
  response.onData((chunk, isLast) => {
    const part = Buffer.from(chunk);
    const whole = body === null ? part : Buffer.concat([body, part]);
    if (isLast) return done(whole.toString());
    // The chunk is only valid during this call.
    body = Buffer.from(whole);
  });
}
