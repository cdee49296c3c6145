import openapiTypes, { astToString } from 'openapi-typescript';
import { format, type Options } from 'prettier';

import { errorsPage } from './errors-page.js';
import { rolesPage } from './roles-page.js';
import { openApiDocument } from './document.js';

/** Pages and types that are made from the code, as they should be. */
export interface GeneratedDocument {
  /** From the root of the repository. */
  readonly path: string;
  readonly text: string;
}

const style = { printWidth: 100, singleQuote: true, trailingComma: 'all' } as const;

export async function gatewayDocuments(): Promise<GeneratedDocument[]> {
  const openApi = JSON.stringify(openApiDocument());
  return [
    await document('docs/errors.md', 'markdown', errorsPage()),
    await document('docs/reference/roles.md', 'markdown', rolesPage()),
    await document('docs/openapi.json', 'json', openApi),
    await document('libs/client/openapi-types.ts', 'typescript', await clientTypes(openApi)),
  ];
}

/** The same interface as types, for clients in TypeScript: libs/client, openapi-fetch. */
async function clientTypes(openApi: string): Promise<string> {
  const types = astToString(await openapiTypes(openApi, { silent: true }));
  return `/** Generated from docs/openapi.json by \`npm run docs\`. */\n${types}`;
}

async function document(
  path: string,
  parser: NonNullable<Options['parser']>,
  text: string,
): Promise<GeneratedDocument> {
  return { path, text: await format(text, { ...style, parser }) };
}
