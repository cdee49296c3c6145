/** Who gets in: tokens, and buckets per address and user. */
export const admissionLimits = {
  tokenBytesMax: 4 * 1024,
  sessionTtlMs: 24 * 60 * 60_000,
  /** Nothing can take back what `holdfastctl token` made. */
  operatorTokenTtlMs: 60 * 60_000,
  operatorTokenTtlMsMax: 12 * 60 * 60_000,
  /** Of who it speaks for; his role stands before it in the facts that he causes. */
  operatorTokenNameBytesMax: 80,
  /** Roles or organisers that one claim may name; what is beyond is not looked at. */
  claimWordsMax: 200,
  tokensCachedMax: 100_000,
  tokensCachedBytesMax: 64 * 1024 * 1024,
  /** A token that was verified is believed for so long, then it is verified again. */
  tokenTrustMs: 60_000,
  /** How often the keys of an issuer are fetched, and how long they do without him. */
  issuerKeysFreshMs: 60_000,
  issuerKeysKeptMs: 60 * 60_000,
  /** For an issuer's keys; who waits for them is told to come back before. */
  tokenVerifyTimeoutMs: 3_000,
  tokenWaitMs: 1_000,
  addressRequestsPerSecond: 100,
  addressRequestsBurst: 200,
  addressPrepaidRequests: 8,
  /** Proxies behind each other that one request may have come through. */
  proxyHopsMax: 16,
  userRequestsPerSecond: 50,
  userRequestsBurst: 100,
  /** Identities are free to mint, so that making one must not be. */
  sessionRequestCost: 10,
  bucketsMax: 200_000,
  socketMessagesPerSecond: 10,
  socketMessagesBurst: 20,
} as const;
