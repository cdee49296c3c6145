import { createHash } from 'node:crypto';

import Type from 'typebox';

import type { Exchange, ExtraHeaders } from '../http/exchange.js';
import type { LargeAnswers, Representation } from '../http/large-answers.js';
import type { Route } from '../http/route.js';
import type { PageFile, PageFiles } from './page-files.js';

/**
 * The addresses of people: each page's, where the same shell is the answer, and the files it names.
 * They go the way of every request (limits, metrics, HEAD, compression) and are no part of the API:
 * they are in no document and nobody's role opens them, for there is nothing in them but what the
 * build made. What a page shows it asks the API for, as anybody would.
 */
export interface PageParts {
  readonly answers: LargeAnswers;
  /** Stripe's script runs on the checkout page; null: on none. */
  readonly stripeKey: string | null;
}

/** In the form of the route table. */
const pagePaths = {
  pageOfEvents: '/',
  pageOfEvent: '/events/{event_id}',
  pageOfSeats: '/events/{event_id}/seats',
  pageOfRoom: '/events/{event_id}/room',
  pageOfReplay: '/events/{event_id}/replay',
  pageOfCheckout: '/checkout/{reservation_id}',
  pageOfBookings: '/bookings',
  pageOfBooking: '/bookings/{booking_id}',
  pageOfStatus: '/status',
} as const;

const assetPath = '/assets/{file}';

/** Names of what is counted, in the order of the routes. */
export const pageOperations: readonly string[] = [...Object.keys(pagePaths), 'pageAsset'];

/**
 * A page runs and shows what comes from its own origin and nothing else: no inline script or style,
 * no frame, no form to elsewhere. `connect-src 'self'` lets the live map's WebSocket through. What
 * Stripe's form needs (docs.stripe.com/security/guide) is let in on the page that shows it alone.
 */
function contentPolicy(stripe: boolean): string {
  const and = (...hosts: readonly string[]): string => (stripe ? ` ${hosts.join(' ')}` : '');
  const frames = and(stripeScript, 'https://*.js.stripe.com', 'https://hooks.stripe.com');
  return [
    "default-src 'none'",
    `script-src 'self'${and(stripeScript, 'https://*.js.stripe.com')}`,
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self'${and('https://api.stripe.com')}`,
    ...(stripe ? [`frame-src${frames}`] : []),
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const stripeScript = 'https://js.stripe.com';

interface Policy {
  readonly headers: ExtraHeaders;
  /** Part of the tags: who keeps the shell with another policy gets it anew, not a 304. */
  readonly mark: string;
}

function policyWith(stripe: boolean): Policy {
  const policy = contentPolicy(stripe);
  return {
    headers: [
      ['Cache-Control', 'no-cache'],
      ['Content-Security-Policy', policy],
      ['Referrer-Policy', 'same-origin'],
      ['Cross-Origin-Opener-Policy', 'same-origin'],
      ['Vary', 'Accept-Encoding'],
    ],
    mark: createHash('sha256').update(policy).digest('base64url').slice(0, 8),
  };
}

const ownPolicy = policyWith(false);
const stripePolicy = policyWith(true);

/** A tag begins with a quotation mark. */
function tagsUnder({ mark }: Policy, { tags }: PageFile): PageFile['tags'] {
  const marked = (tag: string): string => `"${mark}.${tag.slice(1)}`;
  return { identity: marked(tags.identity), gzip: marked(tags.gzip), br: marked(tags.br) };
}

const assetHeaders: ExtraHeaders = [
  ['Cache-Control', 'public, max-age=31536000, immutable'],
  ['Vary', 'Accept-Encoding'],
];

export function pageRoutes(
  { shell, assets }: PageFiles,
  { answers, stripeKey }: PageParts,
): Route[] {
  const show = (exchange: Exchange, { body }: PageFile, as: Representation) =>
    answers.notModified(exchange, as) ? undefined : answers.send(exchange, body, as);
  const showAsset = (exchange: Exchange) => {
    const file = assets.get(exchange.params[0]);
    if (file !== undefined)
      return show(exchange, file, {
        contentType: file.contentType,
        tags: file.tags,
        headers: assetHeaders,
      });
    exchange.error('not_found', {}, [['Cache-Control', 'no-store']]);
  };
  const policyOf = (operationId: string): Policy =>
    stripeKey !== null && operationId === 'pageOfCheckout' ? stripePolicy : ownPolicy;
  const pageRoute = ([operationId, path]: readonly [string, string]) => {
    const policy = policyOf(operationId);
    const { contentType } = shell;
    const as = { contentType, tags: tagsUnder(policy, shell), headers: policy.headers };
    const handle = (exchange: Exchange) => show(exchange, shell, as);
    return { ...routeOf(operationId, path), handle };
  };
  return [
    ...Object.entries(pagePaths).map(pageRoute),
    {
      ...routeOf('pageAsset', assetPath),
      params: Type.Object({ file: Type.String({ maxLength: 200 }) }),
      handle: showAsset,
    },
  ];
}

/** To a browser that asks for a page where there is none; the shell says so in words. */
export const noSuchPage =
  ({ shell }: PageFiles) =>
  (exchange: Exchange): void =>
    exchange.send(404, shell.contentType, shell.plain, ownPolicy.headers);

const routeOf = (operationId: string, path: string) =>
  ({
    method: 'GET',
    path,
    operationId,
    summary: 'A page',
    auth: 'none',
    object: 'none',
    headers: ['accept-encoding', 'if-none-match'],
    responses: {},
    errors: [],
  }) satisfies Omit<Route, 'handle'>;
