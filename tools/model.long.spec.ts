import { modelFeatures, needed, redundant, sound } from './model/model.features.js';

modelFeatures({ sound, redundant, needed, optimise: '-O2' });
