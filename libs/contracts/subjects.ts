import type { BusRole } from './bus-roles.js';

/** Every NATS subject of Holdfast. A dot in a token would split it: ids never contain one. */
export const subjects = {
  /** Command and query batches to one shard process. */
  commands: (incarnation: string) => `hf.cmd.${incarnation}`,
  /** Answers to one client of the inventory; the last token names the shard that was asked. */
  replies: (role: BusRole, clientId: string, incarnation: string) =>
    `hf.rep.${role}.${clientId}.${incarnation}`,
  repliesOf: (role: BusRole, clientId: string) => `hf.rep.${role}.${clientId}.*`,
  /** Answers to one connection's requests, see request-inbox.ts. */
  inbox: (role: BusRole, token: string) => `hf.inbox.${role}.${token}`,
  /** Numbered seat diffs of one event. */
  diffs: (eventId: string) => `hf.diff.${eventId}`,
  /** Heartbeats of all shards. */
  beats: 'hf.beat',
  /** Answers as long as the process lives: no responders here is proof of death. */
  ping: (incarnation: string) => `hf.ping.${incarnation}`,
  /** Control-plane calls to one shard process: moves, cordons. */
  control: (incarnation: string, pattern: string) => `hf.ctl.${incarnation}.${pattern}`,
  /** Asked of all gateways at once: how many watch an event. Answers come to the reply subject. */
  watchers: 'hf.gw.watchers',
  /** Asked of all gateways at once: who they are, and to go into lame duck or out of it. */
  gateways: 'hf.gw.control',
  /** Control-plane calls to the payments processes, shared among them. */
  payments: (pattern: string) => `hf.pay.${pattern}`,
} as const;
