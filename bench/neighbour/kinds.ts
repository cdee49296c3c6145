/** What the neighbour does, each by an address of its own, so that its bucket is full. */
export const kinds = [
  'lists',
  'many lists',
  'searches',
  'bad input',
  'connections',
  'sockets',
  'resumes',
  'slow reads',
  'unread maps',
] as const;

export type Kind = (typeof kinds)[number];

/** Events whose lists he asks for in one round, which nobody has asked for before. */
export const listedEvents = 100;

/**
 * How long he has begun before holds are timed. What nobody reads waits in the kernel at first,
 * about 3 MB for each connection: only what is sent above that is the gateway's.
 */
export const headStartMs = (kind: Kind): number => (kind === 'unread maps' ? 8_000 : 0);
