/** The edge over `node:http`; uWebSockets.js has its own bounds, much alike. */
export const nodeEdgeLimits = {
  edgeHeadBytesMax: 20 * 1024,
  /** Nothing read and nothing written for so long ends a connection, unless its answer is due. */
  edgeIdleMs: 10_000,
  /** From the first byte of a request to its last. */
  edgeRequestMs: 30_000,
  /** For a client to read its last answer, or to answer a close frame. */
  edgeLingerMs: 2_000,
} as const;
