import { edit, type Mutation } from '../mutation.js';

const tokens = 'apps/gateway/auth/guest-tokens.ts';
const tokenSpecs = ['apps/gateway/auth/guest-tokens.spec.ts'];
const buckets = 'apps/gateway/admission/token-buckets.ts';
const bucketSpecs = ['apps/gateway/admission/token-buckets.spec.ts'];
const duck = 'apps/gateway/lame-duck/lame-duck.ts';
const duckSpecs = ['apps/gateway/lame-duck/lame-duck.spec.ts'];
const issuers = 'apps/gateway/auth/issuers.ts';
const authenticator = 'apps/gateway/auth/authenticator.ts';
const rememberedSpecs = ['apps/gateway/auth/authenticator.spec.ts'];
const gateway = ['apps/gateway/auth/auth.process.spec.ts'];

/** Who is let in, how often, and how one is asked to leave. */
export const edge: readonly Mutation[] = [
  {
    name: 'token-signature',
    guarantee: 'access',
    guard: 'the signature of a guest token',
    file: tokens,
    edits: edit('|| !isSigned(token, end, this.secret, this.second)', '|| end < 0'),
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
    edits: edit('if (!this.isGuest(token) || !isSigned(', 'if (token.length === 0 || !isSigned('),
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
    file: authenticator,
    edits: [
      {
        find: 'caller !== undefined && isTrusted(caller, this.clock.nowMs())',
        put: 'caller !== undefined',
      },
      { find: 'if (isTrusted(known, nowMs)) return known;', put: 'if (nowMs > 0) return known;' },
    ],
    specs: rememberedSpecs,
  },
  {
    name: 'token-trust',
    guarantee: 'access',
    guard: 'a token that is remembered is verified again (AU1)',
    file: authenticator,
    edits: edit('Math.min(expiresAtMs, verifiedAtMs + limits.tokenTrustMs)', 'expiresAtMs'),
    specs: rememberedSpecs,
  },
  {
    name: 'token-set-back',
    guarantee: 'access',
    guard: 'a clock that was set back prolongs no token (AU1)',
    file: authenticator,
    edits: edit('verifiedAtMs <= nowMs && nowMs', 'verifiedAtMs <= trustedUntilMs && nowMs'),
    specs: rememberedSpecs,
  },
  {
    name: 'token-bytes',
    guarantee: 'G8',
    guard: 'tokens that are remembered are bounded by bytes (AU2)',
    file: authenticator,
    edits: edit('bearer.length + callerBytes', 'Math.min(bearer.length, callerBytes)'),
    specs: rememberedSpecs,
  },
  {
    name: 'token-keys',
    guarantee: 'access',
    guard: 'keys of an issuer are fetched anew, so that he can take one back (IS1)',
    file: issuers,
    edits: edit('if (keys.jwks() !== undefined) keys', 'if (keys.jwks() === undefined) keys'),
    specs: ['apps/gateway/auth/issuers.process.spec.ts'],
  },
  {
    name: 'token-keys-kept',
    guarantee: 'access',
    guard: 'an issuer that cannot be reached takes nothing back (IS2)',
    file: issuers,
    edits: edit('cacheMaxAge: limits.issuerKeysKeptMs', 'cacheMaxAge: 0'),
    specs: ['apps/gateway/auth/issuers.process.spec.ts'],
  },
  {
    name: 'token-map-socket',
    guarantee: 'access',
    guard: 'a socket ends with its token (SO3)',
    file: 'apps/gateway/live/sockets.ts',
    edits: edit(
      'seed.cancelExpiry = this.parts.expiries.add(caller.expiresAtMs, end);',
      'seed.cancelExpiry = this.parts.expiries.add(caller.expiresAtMs + 1e9, end);',
    ),
    specs: ['apps/gateway/live/live-map.process.spec.ts'],
  },
  {
    name: 'token-map-stream',
    guarantee: 'access',
    guard: 'an event stream ends with its token',
    file: 'apps/gateway/live/streams.ts',
    edits: edit(
      'expiries.add(caller.expiresAtMs, end)',
      'expiries.add(caller.expiresAtMs + 1e9, end)',
    ),
    specs: ['apps/gateway/live/streams.process.spec.ts'],
  },
  {
    name: 'token-map-few',
    guarantee: 'G8',
    guard: 'maps whose tokens run out together end a few at a time (TX2)',
    file: 'apps/gateway/live/token-expiries.ts',
    edits: edit('if (left === 0) return;', ''),
    specs: ['apps/gateway/live/token-expiries.spec.ts'],
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
    name: 'socket-address',
    guarantee: 'G8',
    guard: 'many sockets of one address ask no more often than the address may (SO5)',
    file: 'apps/gateway/live/sockets.ts',
    edits: edit('admission.ofKey(seed.limitKey, 1, nowMs)', 'admission.ofKey(null, 1, nowMs)'),
    specs: ['apps/gateway/live/socket-limits.process.spec.ts'],
  },
  {
    name: 'bucket-network',
    guarantee: 'G8',
    guard: 'an IPv6 customer is one caller',
    file: 'apps/gateway/admission/address.ts',
    edits: edit(
      'bytes.length === 16 ? bytes.subarray(0, 8) : bytes',
      'bytes.length === 16 ? bytes.subarray(0, 16) : bytes',
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
  {
    name: 'give-back-standing',
    guarantee: 'G4',
    guard: 'what stood before under the same key is not given back',
    file: 'apps/gateway/routes/reservations/handlers.ts',
    edits: edit('else if (result.replayed) exchange.error(wrong.code, wrong.extras);', ''),
    specs: ['apps/gateway/gateway.process.spec.ts'],
  },
  {
    name: 'wish-unheeded',
    guarantee: 'G4',
    guard: 'seats that an older owner chose without looking at wishes are given back',
    file: 'apps/gateway/routes/reservations/handlers.ts',
    edits: edit('return isAsWished(layout, cart, seats) ? null', 'return seats.length > 0 ? null'),
    specs: ['apps/gateway/gateway.process.spec.ts'],
  },
];
