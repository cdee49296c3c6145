import type { Command } from '#libs/inventory/commands.js';
import type { Query } from './wire.js';

const queries: Readonly<Record<Query['type'], true>> = {
  GetHold: true,
  GetSeatMap: true,
  DescribeEvent: true,
};

/** Changes nothing: it may be asked twice, and of an event at rest (RR1). */
export const isQuery = (request: Command | Query): request is Query => request.type in queries;
