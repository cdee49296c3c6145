import { nkeyAuthenticator, nkeys, type ConnectionOptions } from 'nats';
import { Type, type Static, type TObject } from 'typebox';
import { busRoles, type BusRole } from '#libs/contracts/bus-roles.js';

/**
 * How a process proves to NATS who it is: by an nkey (Ed25519). It signs what the server makes up;
 * neither the line nor the server's configuration ever has the secret, which is called the seed.
 */
export interface NatsCredentials {
  /** `SU...`, 58 characters. Absent: a user of the URL, or a server that asks nobody. */
  readonly seed?: string | undefined;
  /** Paths of PEM files. */
  readonly tls?: NatsTls | undefined;
}

export interface NatsTls {
  /** Who signed the server's certificate. Absent: whom the system trusts. */
  readonly ca?: string | undefined;
  /** Our own, for a server that asks for it. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** In the schema of every process that speaks on NATS. */
export const natsVariables = {
  NATS_URL: Type.String({ minLength: 1, description: 'a nats:// or tls:// URL is needed' }),
  HOLDFAST_NATS_SEED: Type.Optional(
    Type.String({
      pattern: '^SU[A-Z2-7]{56}$',
      secret: true,
      description: 'the seed of an nkey of NATS is needed: SU and 56 more characters',
    }),
  ),
  HOLDFAST_NATS_TLS_CA: Type.Optional(Type.String()),
  HOLDFAST_NATS_TLS_CERT: Type.Optional(Type.String()),
  HOLDFAST_NATS_TLS_CERT_KEY: Type.Optional(Type.String({ secret: false })),
};

/** What payments and shards are told beside it, see wire-seal.ts. */
export const sealVariables = {
  HOLDFAST_PAYMENTS_KEY: Type.Optional(
    Type.String({ minLength: 32, description: 'at least 32 characters, the same for all shards' }),
  ),
};

type NatsVariables = Readonly<Partial<Static<TObject<typeof natsVariables>>>>;

export function credentialsOf(config: NatsVariables): NatsCredentials {
  const ca = config.HOLDFAST_NATS_TLS_CA;
  const cert = config.HOLDFAST_NATS_TLS_CERT;
  const key = config.HOLDFAST_NATS_TLS_CERT_KEY;
  const tls = ca === undefined && cert === undefined ? undefined : { ca, cert, key };
  const seed = config.HOLDFAST_NATS_SEED;
  return { ...(seed === undefined ? {} : { seed }), ...(tls === undefined ? {} : { tls }) };
}

/** What the client library is told; the files are read at each connection. */
export function authenticationOf({ seed, tls }: NatsCredentials): Partial<ConnectionOptions> {
  return {
    ...(seed === undefined
      ? {}
      : { authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)) }),
    ...(tls === undefined
      ? {}
      : {
          tls: {
            ...(tls.ca === undefined ? {} : { caFile: tls.ca }),
            ...(tls.cert === undefined ? {} : { certFile: tls.cert }),
            ...(tls.key === undefined ? {} : { keyFile: tls.key }),
          },
        }),
  };
}

/** A new secret for one role. */
export function newSeed(): string {
  return new TextDecoder().decode(nkeys.createUser().getSeed());
}

/** What the server may know of it: `U...`. */
export function publicNkey(seed: string): string {
  return nkeys.fromSeed(new TextEncoder().encode(seed)).getPublicKey();
}

export type NatsSeeds = Readonly<Record<BusRole, string>>;

export const perRole = <Value>(make: (role: BusRole) => Value): Record<BusRole, Value> =>
  Object.fromEntries(busRoles.map((role) => [role, make(role)])) as Record<BusRole, Value>;

export const publicNkeys = (seeds: NatsSeeds): Record<BusRole, string> =>
  perRole((role) => publicNkey(seeds[role]));
