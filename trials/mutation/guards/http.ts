import { edit, type Mutation } from '../mutation.js';

const endpoint = 'apps/gateway/http/endpoint.ts';
const exchange = 'apps/gateway/http/exchange.ts';
const specs = ['apps/gateway/http/head-and-headers.process.spec.ts'];

/** What every answer says, and where a request ends. */
export const http: readonly Mutation[] = [
  {
    name: 'cors-exact',
    guarantee: 'access',
    guard: 'no page reads answers but those of the origins that are configured (CO1)',
    file: 'apps/gateway/http/cors.ts',
    edits: edit(
      "this.byOrigin.get(req.getHeader('origin')) ?? forNobody",
      '[...this.byOrigin.values()][0] ?? forNobody',
    ),
    specs: ['apps/gateway/http/cors.process.spec.ts'],
  },
  {
    name: 'cors-vary',
    guarantee: 'access',
    guard: 'no cache gives the answer for one origin to another (CO3)',
    file: 'apps/gateway/http/cors.ts',
    edits: edit("[['Vary', 'Origin']]", '[]'),
    specs: ['apps/gateway/http/cors.process.spec.ts'],
  },
  {
    name: 'stripe-at-checkout',
    guarantee: 'access',
    guard: "no script of another's runs on a page that does not ask for a card",
    file: 'apps/gateway/pages/page-routes.ts',
    edits: edit("stripeKey !== null && operationId === 'pageOfCheckout'", 'stripeKey !== null'),
    specs: ['apps/gateway/pages/pages.process.spec.ts'],
    tests: 'lets Stripe in where',
  },
  {
    name: 'policy-tag',
    guarantee: 'access',
    guard: 'no page is shown from a cache under the policy of another day',
    file: 'apps/gateway/pages/page-routes.ts',
    edits: edit('`"${mark}.${tag.slice(1)}`', '`"${mark.slice(8)}.${tag.slice(1)}`'),
    specs: ['apps/gateway/pages/pages.process.spec.ts'],
    tests: 'lets Stripe in where',
  },
  {
    name: 'http-framing',
    guarantee: 'access',
    guard: 'one way to say where a body ends',
    file: endpoint,
    edits: edit(
      "if (coding === '' || coding.toLowerCase() === 'chunked')",
      'if (coding.length >= 0)',
    ),
    specs,
    tests: 'a coding that is not chunked',
  },
  {
    name: 'http-head-large',
    guarantee: 'G6',
    guard: 'no large body after the answer to a HEAD',
    file: exchange,
    edits: edit('      if (this.bodyless) return this.endBodyless(bytes);\n', ''),
    specs,
    tests: 'leaves the connection',
  },
  {
    name: 'http-head-length',
    guarantee: 'G6',
    guard: 'the answer to a HEAD has the length of a large body',
    file: exchange,
    edits: edit('return this.endBodyless(bytes);', 'return void res.endWithoutBody();'),
    specs,
    tests: 'the length of a large list',
  },
  {
    name: 'http-head-stream',
    guarantee: 'G8',
    guard: 'no stream is opened by a HEAD',
    file: endpoint,
    edits: edit('if (bodyless && this.isStream)', 'if (bodyless && this.cost < 0)'),
    specs,
    tests: 'leaves the connection',
  },
  {
    name: 'http-private',
    guarantee: 'access',
    guard: 'no cache keeps what is for one caller',
    file: endpoint,
    edits: edit("route.method === 'GET' && route.auth !== 'none'", "route.path === ''"),
    specs,
    tests: 'who may keep it',
  },
  {
    name: 'http-no-sniff',
    guarantee: 'access',
    guard: 'a browser takes an answer for what it says it is',
    file: 'apps/gateway/http/status.ts',
    edits: edit('\\r\\n${noSniff}${header}`', '${noSniff.slice(noSniff.length)}${header}`'),
    specs,
    tests: 'who may keep it',
  },
  {
    name: 'page-bytes',
    guarantee: 'G8',
    guard: 'pages are kept in memory up to a bound (PG1)',
    file: 'apps/gateway/pages/page-files.ts',
    edits: edit('bytes <= limits.pageBytesMax', 'bytes > 0'),
    specs: ['apps/gateway/pages/page-files.spec.ts'],
  },
];
