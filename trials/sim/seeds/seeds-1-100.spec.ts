import { seedFeatures } from './first-seeds.features.js';

seedFeatures([1, 26, 51, 76]);
