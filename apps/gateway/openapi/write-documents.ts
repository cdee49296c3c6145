import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { gatewayDocuments } from './documents.js';

/** `npm run docs`: writes the generated pages; run from the root of the repository. */
for (const { path, text } of await gatewayDocuments()) {
  writeFileSync(resolve(path), text);
  process.stdout.write(`${path}\n`);
}
