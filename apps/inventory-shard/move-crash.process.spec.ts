import { deaths, moveCrashFeatures } from './move-crash.features.js';

/** Around the change of owner; the long spec has all steps, move.spec.ts too on a virtual clock. */
const steps = ['after_flush', 'target_before_take', 'target_after_announce'];

moveCrashFeatures(deaths.filter(({ step }) => steps.includes(step)));
