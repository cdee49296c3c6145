/** Whatever an answer says it is, a browser shall not guess otherwise. */
const noSniff = 'X-Content-Type-Options: nosniff';

const statuses: Readonly<Record<number, string>> = {
  200: '200 OK',
  201: '201 Created',
  202: '202 Accepted',
  204: '204 No Content',
  303: '303 See Other',
  304: '304 Not Modified',
  400: '400 Bad Request',
  401: '401 Unauthorized',
  402: '402 Payment Required',
  403: '403 Forbidden',
  404: '404 Not Found',
  405: '405 Method Not Allowed',
  409: '409 Conflict',
  413: '413 Content Too Large',
  426: '426 Upgrade Required',
  429: '429 Too Many Requests',
  431: '431 Request Header Fields Too Large',
  500: '500 Internal Server Error',
  503: '503 Service Unavailable',
};

/**
 * Status lines as they go on the wire, with the header that every answer has: built once, so that
 * it costs no call of its own.
 */
export const statusLines = linesWith('');

/** The same of an answer in JSON, with its Content-Type. */
export const jsonStatusLines = linesWith('\r\nContent-Type: application/json');

function linesWith(header: string): Readonly<Record<number, string>> {
  return Object.fromEntries(
    Object.entries(statuses).map(([status, line]) => [status, `${line}\r\n${noSniff}${header}`]),
  );
}
