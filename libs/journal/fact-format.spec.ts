import { createMemoryFactFormat } from './fact-format.js';
import { describeFactFormat } from './testing/fact-format.features.js';

describeFactFormat('the format of facts in memory', (level) =>
  Promise.resolve(createMemoryFactFormat(level)),
);
