/** Frames, what a connection to the bus keeps, and calls between processes that are no commands. */
export const busLimits = {
  batchItemsMax: 1_024,
  batchBytesMax: 512 * 1024,
  /** Who asked, when an operator did. */
  operatorNameBytesMax: 100,
  busPayloadBytesMax: 1024 * 1024,
  busPendingBytesMax: 8 * 1024 * 1024,
  busRequestsMax: 8_192,
  busCloseMs: 1_000,
  /** Of a process to its server, and the servers of a cluster to each other. */
  busPingMs: 400,
  busServerPingMs: 2_000,
  controlCallsAtOnceMax: 512,
  controlCallMs: 2_000,
  /** When a call that was refused for want of room may come again. */
  controlRetryMs: 1_000,
} as const;
