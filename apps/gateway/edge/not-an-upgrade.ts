import type { NodeRequest } from './node-request.js';

/** Said by clients that could go on in HTTP/2, on requests they want answered in any case. */
const upgradeHeaders = new Set(['upgrade', 'connection', 'http2-settings']);

/**
 * A request that only offered an upgrade, as bytes that offer none: older Nodes hand every one of
 * them over unparsed from there on. `head`: what came behind it.
 */
export function withoutUpgrade(request: NodeRequest, head: Buffer): Buffer {
  const { rawHeaders, method, url, httpVersion } = request;
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (upgradeHeaders.has(rawHeaders[i].toLowerCase())) continue;
    text += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`;
  }
  return Buffer.concat([Buffer.from(`${text}\r\n`, 'latin1'), head]);
}
