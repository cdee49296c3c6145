/** Nobody is there, or nobody lets us in now: by Node's names of it and by Postgres' own. */
const codes: readonly unknown[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  // Class 08, connection exceptions; 57P01 to 57P03: it stops, it crashed, it starts.
  '08000',
  '08001',
  '08003',
  '08006',
  '57P01',
  '57P02',
  '57P03',
];

/** What pg says without a code. */
const words = /^(Connection terminated|timeout expired|timeout exceeded when trying to connect)/;

/** A connection to the database that cannot be made, or that broke. */
export function isUnreachable(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return codes.includes(code) || (typeof message === 'string' && words.test(message));
}
