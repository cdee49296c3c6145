/**
 * Settings of the connections that searches are made on, for openPool. The planner takes a word's
 * beginning for a fiftieth of all events, so that some of them joined by "or", of which the first
 * few hundred are wanted, seem to be met soon by reading the whole table: 100,000 events, and code
 * compiled for it. Every statement here has an index (docs/reference/search.md).
 */
export const searchSettings = { enable_seqscan: 'off', jit: 'off' } as const;
