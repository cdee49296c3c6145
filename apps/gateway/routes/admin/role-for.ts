import type { Role } from '#libs/contracts/roles.js';
import { assert } from '#libs/platform/assert.js';

import type { Exchange } from '../../http/exchange.js';
import { powersOf } from '../shared/own-events.js';

/** By which he may do it: the first of the row's that he has. */
export function roleFor(exchange: Exchange, allowed: readonly Role[]): Role {
  const { roles } = powersOf(exchange);
  const role = allowed.find((one) => roles.includes(one));
  assert(role !== undefined, 'the route asks for one of these roles');
  return role;
}
