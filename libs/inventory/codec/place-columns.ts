/**
 * How holds, bookings and ended holds lie in a snapshot of columns, format 5. Each kind is a count,
 * its ids (id-blocks.ts), and what is said of each: a byte of bits, a row of words, its seats one
 * after the other, and in a part of their own the few things that few of them have. Rows of holds
 * and bookings are in order of making, so that the loaded tables have them in slots 1, 2, 3…;
 * so are buyers, in the order in which those name them.
 *
 * Words of a row; numbers beyond 32 bits have their low word first, as in memory.
 */
export const buyerWord = 0;
export const seatCountWord = 1;
export const totalWord = 2;
export const bookingWords = 4;
export const madeAtWord = 4;
export const deadlineWord = 6;
export const orderWord = 8;
export const holdWords = 10;

/** Bits: what else is said. */
export const isPaying = 1;
export const hasAreas = 2;
export const hasPrices = 4;
