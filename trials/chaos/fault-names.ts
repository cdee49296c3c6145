/** Every kind of fault that the nemesis knows, as `--faults` takes them. */
export const faultNames = [
  'kill-shard',
  'kill-gateway',
  'kill-payments',
  'pause-shard',
  'pause-gateway',
  'pause-payments',
  'kill-nats',
  'pause-nats',
  'postgres-fast',
  'postgres-immediate',
  'kill-backend',
  'terminate-backends',
  'promote-standby',
  'cut-commits',
  'slow-postgres',
  'slow-nats',
  'jam-postgres',
  'jam-nats',
  'half-close',
  'disk-full',
  'clock-jump',
  'cut-host',
  'stripe',
  'operators',
] as const;

export type FaultName = (typeof faultNames)[number];
