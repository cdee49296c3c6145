import { giveWay } from './give-way.js';
import type { LoadPlan } from './plan.js';
import { runLoad } from './run-load.js';

/** The load generator as a process of its own, with an event loop to itself. */

const givesWay = giveWay();

process.on('message', (plan: LoadPlan) => {
  runLoad(plan).then(
    (result) => process.send?.({ result, givesWay }),
    (error: unknown) => process.send?.({ failure: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
