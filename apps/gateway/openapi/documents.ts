import { format } from 'prettier';

import { errorsPage } from './errors-page.js';
import { openApiDocument } from './document.js';

/** The pages under docs/ that are made from the code, as they should be. */
export interface GeneratedDocument {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

export async function gatewayDocuments(): Promise<GeneratedDocument[]> {
  const style = { printWidth: 100, singleQuote: true, trailingComma: 'all' } as const;
  const openApi = JSON.stringify(openApiDocument());
  return [
    { path: 'docs/errors.md', text: await format(errorsPage(), { ...style, parser: 'markdown' }) },
    { path: 'docs/openapi.json', text: await format(openApi, { ...style, parser: 'json' }) },
  ];
}
