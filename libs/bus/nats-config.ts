import { limits } from '#libs/contracts/limits.js';
import { busPermissions, busRoles, type BusRole } from '#libs/contracts/bus-roles.js';

/**
 * The configuration of a nats-server that knows who may say what, as text; nats-server reads JSON.
 * Roles are known by the public half of their nkey: the file has no secret of theirs. Its only
 * secret is the password among the servers of a cluster, so it is written with mode 600.
 */
export interface NatsServerPlan {
  readonly host: string;
  readonly port: number;
  /** Public nkeys, `U...`. */
  readonly users: Readonly<Record<BusRole, string>>;
  /**
   * open: everybody may do everything, also without credentials. For a rolling upgrade from a
   * release that has none; a reload of the closed configuration ends it (decision 0019).
   */
  readonly stage?: 'open' | 'closed';
  /** On loopback; for tests. */
  readonly monitorPort?: number;
  /** Clients that come without TLS are refused then. */
  readonly tls?: NatsTlsFiles;
  readonly cluster?: NatsClusterPlan;
}

/** Paths, as the server sees them. */
export interface NatsTlsFiles {
  readonly cert: string;
  readonly key: string;
  /** Who signed the others; with it each side asks the other for a certificate. */
  readonly ca?: string;
}

export interface NatsClusterPlan {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** `host:port` of all servers; itself among them is no harm. */
  readonly routes: readonly string[];
  /** Shown by the servers to each other. Letters and digits. */
  readonly password: string;
  readonly tls?: NatsTlsFiles;
}

/** A server that froze leaves the queues: else it gets calls that it never answers. */
const pings = { ping_interval: `${limits.busServerPingMs}ms`, ping_max: 2 };

const routeUser = 'route';
const anybody = { user: 'anybody', password: 'anybody' };

export function natsServerConfig(plan: NatsServerPlan): string {
  const { host, port, tls, cluster, monitorPort } = plan;
  const config = {
    listen: `${host}:${port}`,
    ...(monitorPort === undefined ? {} : { http: `127.0.0.1:${monitorPort}` }),
    ...(tls === undefined ? {} : { tls: tlsOf(tls) }),
    ...authorizationOf(plan),
    ...(cluster === undefined ? {} : { ...pings, cluster: clusterOf(cluster) }),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function authorizationOf({ users, stage = 'closed' }: NatsServerPlan): object {
  const known = busRoles.map((role) => ({ nkey: users[role] }));
  if (stage === 'open') {
    return { authorization: { users: [...known, anybody] }, no_auth_user: anybody.user };
  }
  const bounded = busRoles.map((role) => ({ nkey: users[role], permissions: permissionsOf(role) }));
  return { authorization: { users: bounded } };
}

function permissionsOf(role: BusRole): object {
  const { publish, subscribe } = busPermissions[role];
  return { publish: { allow: publish }, subscribe: { allow: subscribe } };
}

function clusterOf({ name, host, port, routes, password, tls }: NatsClusterPlan): object {
  return {
    name,
    listen: `${host}:${port}`,
    authorization: { user: routeUser, password },
    routes: routes.map((route) => `nats-route://${routeUser}:${password}@${route}`),
    ...(tls === undefined ? {} : { tls: tlsOf(tls) }),
  };
}

function tlsOf({ cert, key, ca }: NatsTlsFiles): object {
  const asks = ca === undefined ? {} : { ca_file: ca, verify: true };
  return { cert_file: cert, key_file: key, ...asks };
}
