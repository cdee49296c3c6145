import { useEffect, useState } from 'preact/hooks';

/** Which page an address means, and the way from one to another without loading anything anew. */
export type Route =
  | { readonly page: 'events' }
  | { readonly page: 'event' | 'seats' | 'room' | 'replay'; readonly eventId: string }
  | { readonly page: 'checkout'; readonly reservationId: string }
  | { readonly page: 'bookings' }
  | { readonly page: 'booking'; readonly bookingId: string }
  | { readonly page: 'status' }
  | { readonly page: 'lost' };

export function routeOf(pathname: string): Route {
  const [first, id, more] = pathname.split('/').slice(1).map(decoded);
  if (first === '' && id === undefined) return { page: 'events' };
  if (first === 'events' && id && more === undefined) return { page: 'event', eventId: id };
  if (first === 'events' && id && more === 'seats') return { page: 'seats', eventId: id };
  if (first === 'events' && id && more === 'room') return { page: 'room', eventId: id };
  if (first === 'events' && id && more === 'replay') return { page: 'replay', eventId: id };
  if (first === 'status' && id === undefined) return { page: 'status' };
  if (first === 'checkout' && id && more === undefined) {
    return { page: 'checkout', reservationId: id };
  }
  if (first === 'bookings' && id === undefined) return { page: 'bookings' };
  if (first === 'bookings' && id && more === undefined) return { page: 'booking', bookingId: id };
  return { page: 'lost' };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const paths = {
  events: '/',
  event: (id: string) => `/events/${encodeURIComponent(id)}`,
  seats: (id: string) => `/events/${encodeURIComponent(id)}/seats`,
  room: (id: string) => `/events/${encodeURIComponent(id)}/room`,
  replay: (id: string) => `/events/${encodeURIComponent(id)}/replay`,
  checkout: (id: string) => `/checkout/${encodeURIComponent(id)}`,
  bookings: '/bookings',
  booking: (id: string) => `/bookings/${encodeURIComponent(id)}`,
} as const;

const moved = new EventTarget();
let movedOnce = false;

/** Whose document this is, whatever page is shown in it by now; '' where there is no document. */
export const loadedPath: string = typeof location === 'undefined' ? '' : location.pathname;

/**
 * Every other page is loaded with a document of its own: one of the checkout may have a policy that
 * lets another's script in. So it is from the start, before anybody can ask whether it has.
 */
let alone = routeOf(loadedPath).page === 'checkout';

/** The policy of this document is everybody's: other pages are shown in it too. */
export function notOnlyThisPage(): void {
  alone = false;
}

/** By default of the page that is shown, which may have been left since something was asked. */
export const isCheckoutOf = (reservationId: string, path = location.pathname): boolean => {
  const route = routeOf(path);
  return route.page === 'checkout' && route.reservationId === reservationId;
};

/** This page came by a link of another one, not by the browser. */
export const cameFromPage = (): boolean => movedOnce;

export function navigate(to: string, how: 'push' | 'replace' = 'push'): void {
  if (alone) return how === 'push' ? location.assign(to) : location.replace(to);
  if (how === 'push') history.pushState(null, '', to);
  else history.replaceState(null, '', to);
  scrollTo(0, 0);
  movedOnce = true;
  moved.dispatchEvent(new Event('moved'));
}

/** The path of the page that is shown. */
export function usePath(): string {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const look = () => {
      movedOnce = true;
      setPath(location.pathname);
    };
    moved.addEventListener('moved', look);
    addEventListener('popstate', look);
    return () => {
      moved.removeEventListener('moved', look);
      removeEventListener('popstate', look);
    };
  }, []);
  return path;
}

/** Links of our own pages are followed here; with a key held they are the browser's. */
export function followLinks(event: MouseEvent): void {
  const keys = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (alone || event.defaultPrevented || event.button !== 0 || keys) return;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.target !== '' || link.origin !== location.origin) return;
  if (link.hash !== '' && link.pathname === location.pathname) return;
  event.preventDefault();
  navigate(link.pathname + link.search);
}
