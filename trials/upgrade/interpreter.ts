import type { ApiAnswer, ApiRequest } from '#libs/client/rest-client.js';
import type { Interpret } from '../demo/api.js';

/**
 * Buyers speak the words of this release. The release before said `seats` where this one says
 * `seat_ids`, and refuses what it does not know, naming the field, with nothing done. So a request
 * that is refused for its word is said again in the other one, and the gateway's words are
 * remembered until it is replaced.
 */
export class Interpreter {
  /** Hosts that were last heard to speak the older words. */
  private readonly older = new Set<string>();

  readonly interpret: Interpret = async (request, { host }, send) => {
    if (!namesSeats(request)) return inNewerWords(await send(request));
    const older = this.older.has(host);
    const answer = await send(older ? inOlderWords(request) : request);
    if (refusedField(answer) !== (older ? 'seats' : 'seat_ids')) return inNewerWords(answer);
    if (older) this.older.delete(host);
    else this.older.add(host);
    return inNewerWords(await send(older ? request : inOlderWords(request)));
  };
}

type Json = Readonly<Record<string, unknown>>;

const namesSeats = ({ body }: ApiRequest): boolean => body !== undefined && 'seat_ids' in body;

function inOlderWords(request: ApiRequest): ApiRequest {
  const { seat_ids: seats, ...rest } = request.body as Json;
  return { ...request, body: { ...rest, seats } };
}

/** The field of a request that was not understood. */
function refusedField(answer: ApiAnswer | null): unknown {
  if (answer?.code !== 'invalid_request') return undefined;
  return (answer.body as { error: Json }).error.field;
}

function inNewerWords(answer: ApiAnswer | null): ApiAnswer | null {
  if (answer === null || typeof answer.body !== 'object') return answer;
  return { ...answer, body: renamed(answer.body) };
}

/** `seats` by `seat_ids`, wherever it is a list of ids. */
function renamed(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] =>
    key === 'seats' && isListOfText(inner) ? ['seat_ids', inner] : [key, renamed(inner)],
  );
  return Object.fromEntries(entries);
}

const isListOfText = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
