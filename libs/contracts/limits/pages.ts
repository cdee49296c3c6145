/** The pages that a gateway serves to browsers, kept whole in memory. */
export const pageLimits = {
  /** Of all files of a build, in all their codings; some 400 KB are used. */
  pageBytesMax: 4 * 1024 * 1024,
  pageFilesMax: 128,
} as const;
