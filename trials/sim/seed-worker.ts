import { parentPort } from 'node:worker_threads';
import { simulate } from './simulate.js';

/** One thread of `npm run sim`: runs the seeds it is given, one after the other. */
export interface SeedOrder {
  readonly seed: number;
  readonly minutes: number;
  readonly trace: boolean;
}

parentPort?.on('message', (order: SeedOrder) => {
  void simulate(order.seed, { minutes: order.minutes, trace: order.trace }).then((result) => {
    parentPort?.postMessage(result);
  });
});
