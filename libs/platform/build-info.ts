import type { Metrics } from './metrics.js';
import { version } from './version.js';

/** Which release, on what; in every process once. */
export function measureBuild(metrics: Metrics): void {
  const build = { version, node: process.versions.node };
  metrics.info('holdfast_build_info', 'Always 1; the labels say which release runs on what', build);
}
