/**
 * What people may do beside buying. Everybody who is known is a buyer, and a guest is nothing else;
 * the rest comes from the claims of an issuer, or from a token that an operator made.
 */
export const roles = ['organiser', 'support', 'finance', 'sre'] as const;

export type Role = (typeof roles)[number];

/** Sees all events; an organiser sees his own. */
export const staff = roles.filter((role) => role !== 'organiser');

/** Who sells an event, as the event file and the claims of his tokens name him. */
const organiserPattern = /^[a-z0-9][a-z0-9_-]{0,47}$/;

export const organiserIdPattern = organiserPattern.source;

export const isOrganiserId = (text: unknown): text is string =>
  typeof text === 'string' && organiserPattern.test(text);
