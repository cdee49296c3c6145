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
  const placeholder = requests.values[0];
  const body = requests.bodyBefore + placeholder + requests.bodyAfter;
  return requests.users.map((headers) => {
    const head = [
      `${requests.method} ${requests.path} HTTP/1.1`,
      `Host: ${host}`,
      ...headers,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
    ].join('\r\n');
    const beforeValue = `${head}\r\n\r\n${requests.bodyBefore}`;
    return {
      bytes: Buffer.from(`${head}\r\n\r\n${body}`),
      valueAt: Buffer.byteLength(beforeValue),
    };
  });
}

export function writeValue(template: RequestTemplate, value: string): void {
  const { bytes, valueAt } = template;
  for (let i = 0; i < value.length; i++) bytes[valueAt + i] = value.charCodeAt(i);
}
