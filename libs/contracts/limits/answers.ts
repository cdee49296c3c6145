/** Large answers of a gateway: how they are made, what they cost, who may leave them unread. */
export const answerLimits = {
  /** What one token of an address buys of an answer; what is smaller costs its one token only. */
  answerBytesPerToken: 64 * 1024,
  /** The dearest answer: an address that saved for a moment can always have one. */
  answerTokensMax: 64,
  /** What fits a packet is not worth compressing. */
  compressBytesMin: 1_400,
  /** The thread pool has four threads, and looks up names and opens files with them too. */
  compressionsAtOnceMax: 2,
  compressionsWaitingMax: 64,
  /** Different Accept-Encoding headers whose meaning is remembered. */
  codingsRememberedMax: 256,
  /** Of all answers at one address: what was begun and not taken. */
  unreadBytesPerAddressMax: 32 * 1024 * 1024,
  /** The bodies that slow readers keep alive, each counted once. */
  unreadBodyBytesMax: 64 * 1024 * 1024,
  unreadAnswersMax: 4_096,
  /** An answer must be taken within this, and at this rate from then on. */
  unreadGraceMs: 15_000,
  unreadBytesPerSecondMin: 16 * 1024,
  unreadSweepMs: 1_000,
  /** Ready bodies of seat lists and layouts with their codings. */
  bodyCacheBytesMax: 64 * 1024 * 1024,
  /** Pictures; the cache counts each twice. */
  mediaCacheBytesMax: 64 * 1024 * 1024,
} as const;
