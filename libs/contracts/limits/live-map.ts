/** Replicas of seat maps, the changes they keep, and the sockets and streams that show them. */
export const liveMapLimits = {
  replicasMax: 4_000,
  /** Seat maps that are kept live, with the lists and states that were made of them. */
  replicaBytesMax: 512 * 1024 * 1024,
  replicaIdleMs: 30_000,
  replicaCheckMs: 2_000,
  replicaLagMs: 300,
  replicaRetryMs: 200,
  replicaRetryMsMax: 2_000,
  replicaWaitMs: 2_000,
  /** Requests that wait for a first map; of one event as many as are left for the others. */
  replicaWaitersMax: 8_000,
  replicaGoneMs: 3_000,
  /** How long a client that is ahead waits for this gateway; then it is sent to another. */
  resumeWaitMs: 2_000,
  resumeRetryMs: 500,
  diffRingMax: 2_048,
  diffBufferMax: 4_096,
  diffChangesMax: 100_000,
  fanOutMsMin: 10,
  fanOutMsMax: 250,
  socketsMax: 16_000,
  socketsPerAddressMax: 100,
  /** How many sockets are asked at a time, and how often, for what waits in them. */
  socketsLookedAtMax: 200,
  socketLookMs: 100,
  socketIdleSeconds: 32,
  socketFrameBytesMax: 4 * 1024,
  socketBackpressureBytesMax: 1024 * 1024,
  /** Frames that the network did not take: of all live maps of one address, and of all. */
  unreadFramesPerAddressMax: 16 * 1024 * 1024,
  unreadFramesMax: 256 * 1024 * 1024,
  /** Who has more than this unread is closed without a last word, which would wait behind it. */
  unreadBeforeLastWordMax: 4 * 1024,
  streamBeatMs: 4_000,
  /** How often it is looked for tokens that have run out, and how many maps end at one look. */
  expiryLookMs: 250,
  expiredAtOnceMax: 500,
} as const;
