import { divideCores, findCores, onCores } from '../system/affinity.js';
import { groups } from './roles.js';
import { commandOf, type ChildSpec } from './supervisor.js';

/** Said in one line to who asked for --pin where it cannot be done. */
export class PinRefused extends Error {
  override readonly name = 'PinRefused';
}

/** npm start -- --pin: how each child is started. Throws PinRefused. */
export function pinned(gateways: number): (spec: ChildSpec) => readonly [string, ...string[]] {
  const found = findCores();
  if ('reason' in found) throw new PinRefused(`--pin: ${found.reason}`);
  const division = divideCores(found.allowed, gateways);
  if (division === null) {
    const wanted = gateways === 1 ? 'a gateway' : `${gateways} gateways`;
    const cores = `${gateways + 1} cores, not ${found.allowed.length}`;
    throw new PinRefused(`--pin: ${wanted} and the rest want ${cores}`);
  }
  const left = [...division.gateways];
  const own = new Map<string, number>();
  return (spec) => {
    if (spec.group !== groups.gateway) {
      return onCores(found.taskset, division.others, commandOf(spec));
    }
    const core = own.get(spec.name) ?? left.shift() ?? division.gateways[0];
    own.set(spec.name, core);
    return onCores(found.taskset, [core], commandOf(spec));
  };
}
