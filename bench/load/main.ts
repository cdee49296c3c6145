import type { LoadPlan } from './plan.js';
import { runLoad } from './run-load.js';

/** The load generator as a process of its own: a core and an event loop to itself. */
process.on('message', (plan: LoadPlan) => {
  runLoad(plan).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ failure: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
