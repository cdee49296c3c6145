import type pg from 'pg';

/**
 * A statement had no answer in its time, and its connection was closed. What it reads is not known;
 * what it writes may be written, or be written yet: the server may have all of it. Whoever wrote
 * asks again in a way that has one effect, or looks.
 */
export class DatabaseTimeout extends Error {
  override readonly name = 'DatabaseTimeout';
  readonly outcome = 'unknown';

  constructor(readonly answerWithinMs: number) {
    super(`the database did not answer within ${answerWithinMs} ms`);
  }
}

/**
 * Gives every statement of a client a time to be answered in. A line that died in silence is told
 * by nothing else for minutes: what was sent is only sent again. When it is over the socket is
 * destroyed, which fails everything the client was asked; the driver's own `query_timeout` would
 * leave the connection as it is and says the same of what was written.
 */
export function boundAnswers(client: pg.Client, answerWithinMs: number): void {
  let timer: NodeJS.Timeout | undefined;
  const answered = (): void => clearTimeout(timer);
  const ask = client.query.bind(client) as (...args: unknown[]) => unknown;
  client.query = ((...args: unknown[]): unknown => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      client.connection.stream.destroy(new DatabaseTimeout(answerWithinMs));
    }, answerWithinMs);
    return ask(...args);
  }) as typeof client.query;
  client.on('drain', answered);
  client.on('end', answered);
  // The failing statement tells; without a listener a client in somebody's hands ends the process.
  client.on('error', answered);
}

/** What the driver says, without a code, of a connection that cannot be had or went away. */
const lost: readonly string[] = [
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
];

/** Of the network, and of a server that starts, stops, is full, or gave the statement up. */
const away =
  /^(E(CONN|PIPE|TIMEDOUT|HOST|NET|AI_|NOTFOUND)[A-Z]*|08...|53...|57P0[1-5]|57014|25006)$/;

/** The database cannot be reached or did not answer: the same may work later. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof DatabaseTimeout) return true;
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, errors } = error as Record<string, unknown>;
  // A name with several addresses fails with an error for each.
  if (Array.isArray(errors)) return errors.some(isDatabaseAway);
  if (typeof code === 'string') return away.test(code);
  return typeof message === 'string' && lost.some((beginning) => message.startsWith(beginning));
}
