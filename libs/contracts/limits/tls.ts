const dayMs = 24 * 60 * 60_000;

/** TLS at the gateway's own edge. */
export const tlsLimits = {
  /** How often it is looked whether the certificate's files hold another one. */
  certificateLookMs: 10_000,
  certificateFileBytesMax: 256 * 1024,
  /** From then on every day has a line in the log. */
  certificateWarnMs: 14 * dayMs,
  certificateWarnEveryMs: dayMs,
  /** Certificates that open connections may still go by; those of an older one are ended. */
  tlsGenerationsMax: 3,
} as const;
