import { modelFeatures, needed, redundant, sound } from './model.features.js';

modelFeatures({ sound, redundant, needed, optimise: '-O2' });
