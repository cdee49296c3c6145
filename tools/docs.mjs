/**
 * node tools/docs.mjs: writes the generated pages under docs/. Specs fail when they are stale.
 */
import { built, root, setupOrExit } from '../ops/setup.mjs';

await setupOrExit();
process.chdir(root);
await built('apps/gateway/openapi/write-documents.js');
const { writeMetricsPage } = await built('tools/docs/metrics-list.js');
await writeMetricsPage();
process.stdout.write('docs/reference/metrics.md\n');
const { writeMonitoringFiles } = await built('tools/monitoring/files.js');
for (const file of writeMonitoringFiles()) process.stdout.write(`${file}\n`);
