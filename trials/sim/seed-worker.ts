import { parentPort } from 'node:worker_threads';
import { simulateSeed } from './simulate-seed.js';

/** One thread of `npm run sim`: runs the seeds it is given, one after the other. */
export interface SeedOrder {
  readonly seed: number;
  readonly minutes: number;
  readonly trace: boolean;
}

parentPort?.on('message', (order: SeedOrder) => {
  void simulateSeed(order.seed, order).then((result) => {
    parentPort?.postMessage(result);
  });
});
