import { isOrganiserId, roles, type Role } from '#libs/contracts/roles.js';
import { limits } from '#libs/contracts/limits.js';

/** What a caller may do beside buying, and as whom he does it. */
export interface Powers {
  readonly roles: readonly Role[];
  /** For whom he acts as an organiser; others' events are not there for him. */
  readonly organisers: readonly string[];
  /** As facts and audit rows have him; never the name of a person that an issuer told. */
  readonly name: string;
}

/** A guest, or an account that only buys. */
export const noPowers: Powers = { roles: [], organisers: [], name: '' };

/** Where an issuer's tokens say what their bearers may do. */
export interface RoleClaims {
  /** Whole name of a claim (`https://tickets.example/roles`), or a way (`realm_access.roles`). */
  readonly claim: string;
  /** What the claim says to a role; absent: it says our roles by their names. */
  readonly map?: Readonly<Record<string, Role>>;
  /** The same for the ids of organisers; default `organiser`. */
  readonly organiser_claim?: string;
}

/**
 * PO1  What is not said plainly gives nothing: a word that is not mapped, a claim of another shape,
 *      an organiser's id that could be none.
 */
export function powersOf(
  claims: Readonly<Record<string, unknown>>,
  config: RoleClaims | undefined,
  name: string,
): Powers {
  if (config === undefined) return noPowers;
  const { map = ownNames } = config;
  const said = wordsAt(claims, config.claim);
  const known = roles.filter((role) => said.some((word) => map[word] === role));
  if (known.length === 0) return noPowers;
  const organisers = wordsAt(claims, config.organiser_claim ?? 'organiser').filter(isOrganiserId);
  return { roles: known, organisers, name };
}

const ownNames = Object.fromEntries(roles.map((role) => [role, role]));

/** A list of texts, or one text: names of their own or with spaces between, as OAuth has scopes. */
function wordsAt(claims: Readonly<Record<string, unknown>>, path: string): readonly string[] {
  const value = valueAt(claims, path);
  const list: readonly unknown[] =
    typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value : [];
  return list
    .slice(0, limits.claimWordsMax)
    .filter((word): word is string => typeof word === 'string');
}

/** A claim of exactly that name, dots and all, comes before one inside another. */
function valueAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}
