import type { RequestSet } from './plan.js';

/** A whole request as bytes, in which one fixed-width value is overwritten before each send. */
export interface RequestTemplate {
  readonly bytes: Buffer;
  readonly valueAt: number;
}

/**
 * One template per user, built once: sending then costs a few byte stores and one write. A
 * template may be changed again as soon as its answer has come, because the whole request must
 * have left before; so each belongs to one connection.
 */
export function buildTemplates(requests: RequestSet, host: string): RequestTemplate[] {
  return requests.users.map((headers, user) => {
    const head = `${requests.method} ${requests.path} HTTP/1.1\r\nHost: ${host}\r\n`;
    const { bodyAfter, bodiesAfter } = requests;
    const lines = headers.map((line) => `${line}\r\n`).join('');
    const [before, after] = around(requests, head + lines, bodiesAfter?.[user] ?? bodyAfter);
    return {
      bytes: Buffer.from(before + requests.values[0] + after),
      valueAt: Buffer.byteLength(before),
    };
  });
}

/** What stands before the value, and what behind it. */
function around(requests: RequestSet, head: string, bodyAfter: string): [string, string] {
  if (requests.method === 'GET') return [`${head}X-Value: `, '\r\n\r\n'];
  const { bodyBefore, values } = requests;
  const length = Buffer.byteLength(bodyBefore + values[0] + bodyAfter);
  const json = `Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
  return [head + json + bodyBefore, bodyAfter];
}

export function writeValue(template: RequestTemplate, value: string): void {
  const { bytes, valueAt } = template;
  for (let i = 0; i < value.length; i++) bytes[valueAt + i] = value.charCodeAt(i);
}
