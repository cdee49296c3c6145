import { edit, type Mutation } from '../mutation.js';

const tokens = 'apps/gateway/auth/guest-tokens.ts';
const tokenSpecs = ['apps/gateway/auth/guest-tokens.spec.ts'];
const buckets = 'apps/gateway/admission/token-buckets.ts';
const bucketSpecs = ['apps/gateway/admission/token-buckets.spec.ts'];
const duck = 'apps/gateway/lame-duck/lame-duck.ts';
const duckSpecs = ['apps/gateway/lame-duck/lame-duck.spec.ts'];
const issuers = 'apps/gateway/auth/issuers.ts';
const gateway = ['apps/gateway/auth/auth.process.spec.ts'];

/** Who is let in, how often, and how one is asked to leave. */
export const edge: readonly Mutation[] = [
  {
    name: 'token-signature',
    guarantee: 'access',
    guard: 'the signature of a guest token',
    file: tokens,
    edits: edit(
      '|| !sameText(token.slice(end + 1), this.mac(signed))',
      '|| this.mac(signed).length === 0',
    ),
    specs: tokenSpecs,
  },
  {
    name: 'token-expiry',
    guarantee: 'access',
    guard: 'the end of a guest token',
    file: tokens,
    edits: edit('if (expiresAtMs <= nowMs) return', 'if (expiresAtMs < 0) return'),
    specs: tokenSpecs,
  },
  {
    name: 'token-header',
    guarantee: 'access',
    guard: 'only the header that the gateway writes: no algorithm of the token’s choice',
    file: tokens,
    edits: edit('if (!this.isGuest(token) || !sameText(', 'if (token.length === 0 || !sameText('),
    specs: tokenSpecs,
  },
  {
    name: 'token-subject',
    guarantee: 'access',
    guard: 'a guest token speaks for a guest of this system',
    file: tokens,
    edits: edit(
      "if (iss !== issuer || typeof sub !== 'string' || !userIdPattern.test(sub)) return null;",
      "if (typeof iss !== 'string' || typeof sub !== 'string') return null;",
    ),
    specs: tokenSpecs,
  },
  {
    name: 'token-known',
    guarantee: 'access',
    guard: 'the end of a token that is remembered',
    file: 'apps/gateway/auth/authenticator.ts',
    edits: [
      {
        find: 'caller !== undefined && caller.expiresAtMs > this.clock.nowMs()',
        put: 'caller !== undefined',
      },
      { find: 'if (known.expiresAtMs > nowMs) return known;', put: 'if (nowMs > 0) return known;' },
    ],
    specs: ['apps/gateway/auth/authenticator.spec.ts'],
  },
  {
    name: 'token-issuer',
    guarantee: 'access',
    guard: 'the audience of an external token',
    file: issuers,
    edits: edit('        audience: known.config.audience,\n', ''),
    specs: gateway,
  },
  {
    name: 'bucket-burst',
    guarantee: 'G8',
    guard: 'a caller saves up no more than a burst',
    file: buckets,
    edits: edit('refilled > this.rate.burst ? this.rate.burst : refilled', 'refilled'),
    specs: bucketSpecs,
  },
  {
    name: 'bucket-refuses',
    guarantee: 'G8',
    guard: 'a caller over its rate is refused, and told when to come back',
    file: buckets,
    edits: edit('    if (bucket.tokens >= cost) {\n', '    if (bucket.tokens >= -1e6) {\n'),
    specs: bucketSpecs,
  },
  {
    name: 'bucket-bound',
    guarantee: 'G8',
    guard: 'the bound of callers that are remembered',
    file: buckets,
    edits: edit('    if (this.buckets.size >= this.bucketsMax) this.makeRoom(nowMs);\n', ''),
    specs: bucketSpecs,
  },
  {
    name: 'bucket-network',
    guarantee: 'G8',
    guard: 'an IPv6 customer is one caller',
    file: 'apps/gateway/admission/address.ts',
    edits: edit(
      'isMapped(bytes) ? bytes.subarray(12) : bytes.subarray(0, 8)',
      'isMapped(bytes) ? bytes.subarray(12) : bytes',
    ),
    specs: bucketSpecs,
  },
  {
    name: 'duck-refuses',
    guarantee: 'G7',
    guard: 'a gateway that lets go takes no new live maps',
    file: duck,
    edits: edit('return this.closing ? {', 'return this.closing && this.returnsMs < 0 ? {'),
    specs: duckSpecs,
  },
  {
    name: 'duck-grace',
    guarantee: 'G7',
    guard: 'the grace before a gateway lets go',
    file: duck,
    edits: edit(
      'this.ports.clock.after(graceMs, () => {',
      'this.ports.clock.after(Math.min(graceMs, 0), () => {',
    ),
    specs: duckSpecs,
  },
  {
    name: 'duck-slices',
    guarantee: 'G8',
    guard: 'clients are let go a slice at a time',
    file: duck,
    edits: edit(
      'this.letGo(Math.max(1, Math.ceil(this.open() / slices)));',
      'this.letGo(Math.max(1, this.open() * slices));',
    ),
    specs: duckSpecs,
  },
  {
    name: 'duck-spread',
    guarantee: 'G8',
    guard: 'clients come back at times of their own',
    file: duck,
    edits: edit('Math.ceil(this.ports.random.fraction() * windowMs)', 'Math.ceil(windowMs / 1e6)'),
    specs: duckSpecs,
  },
  {
    name: 'duck-stopping',
    guarantee: 'G7',
    guard: 'a gateway that stops is not called back',
    file: duck,
    edits: edit(
      "if (this.current !== 'lame_duck') return false;",
      "if (this.current === 'serving') return false;",
    ),
    specs: duckSpecs,
  },
  {
    name: 'links-bound',
    guarantee: 'G8',
    guard: 'the links of a page fit a header',
    file: 'apps/gateway/routes/shared/page-links.ts',
    edits: edit('if (longer.length <= limits.linkBytesMax)', 'if (limits.linkBytesMax > 0)'),
    specs: ['apps/gateway/routes/shared/page-links.spec.ts'],
  },
];
