import { seedFeatures } from './first-seeds.features.js';

seedFeatures([101, 126, 151, 176]);
