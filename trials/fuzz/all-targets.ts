import type { FuzzTarget } from './target.js';
import { coreTargets } from './targets/core.js';
import { edgeTargets } from './targets/edge.js';
import { fileTargets } from './targets/files.js';
import { frameTargets } from './targets/frames.js';
import { simulatorTarget } from './targets/simulator.js';
import { tokenTarget } from './targets/tokens.js';
import { webhookTarget } from './targets/webhooks.js';

export const allTargets: readonly FuzzTarget[] = [
  ...frameTargets,
  ...coreTargets,
  ...fileTargets,
  tokenTarget,
  ...edgeTargets,
  simulatorTarget,
  webhookTarget,
];
