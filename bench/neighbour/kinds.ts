/** What the neighbour does, each by an address of its own, so that its bucket is full. */
export const kinds = [
  'lists',
  'searches',
  'bad input',
  'connections',
  'sockets',
  'resumes',
  'slow reads',
] as const;

export type Kind = (typeof kinds)[number];
