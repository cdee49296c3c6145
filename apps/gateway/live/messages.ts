import Type from 'typebox';

import { compiled, type FieldProblem } from '../http/validation.js';
import { decodeMessage } from './frames.js';

/** What a client may say on an open live map. */
export type ClientMessage =
  | { readonly type: 'ping' }
  | { readonly type: 'resume'; readonly version: number };

const strict = { additionalProperties: false } as const;

export const Ping = Type.Object({ type: Type.Literal('ping') }, strict);
export const Resume = Type.Object(
  {
    type: Type.Literal('resume'),
    version: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  },
  strict,
);

const ping = compiled(Ping);
const resume = compiled(Resume);

/** Text is JSON, binary is msgpack, whatever was agreed for the other direction. */
export function readMessage(
  bytes: ArrayBuffer,
  isBinary: boolean,
): ClientMessage | { readonly problem: FieldProblem } {
  let value: unknown;
  try {
    value = isBinary
      ? decodeMessage(new Uint8Array(bytes))
      : JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return { problem: { field: 'message', detail: 'is not readable' } };
  }
  return judge(value);
}

function judge(value: unknown): ClientMessage | { readonly problem: FieldProblem } {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : null;
  if (type === 'ping' && ping.check(value)) return { type: 'ping' };
  if (type === 'ping') return { problem: ping.problem(value) };
  if (type === 'resume' && resume.check(value)) return value as ClientMessage;
  if (type === 'resume') return { problem: resume.problem(value) };
  return { problem: { field: 'type', detail: "must be 'ping' or 'resume'" } };
}
