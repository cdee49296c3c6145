import { deaths, moveCrashFeatures } from './move-crash.features.js';

moveCrashFeatures(deaths);
