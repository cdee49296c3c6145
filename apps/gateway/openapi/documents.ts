import openapiTypes, { astToString } from 'openapi-typescript';
import { format } from 'oxfmt';

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
    await document('docs/errors.md', errorsPage()),
    await document('docs/reference/roles.md', rolesPage()),
    await document('docs/openapi.json', openApi),
    await document('libs/client/openapi-types.ts', await clientTypes(openApi)),
  ];
}

/** The same interface as types, for clients in TypeScript: libs/client, openapi-fetch. */
async function clientTypes(openApi: string): Promise<string> {
  const types = astToString(await openapiTypes(openApi, { silent: true }));
  return `/** Generated from docs/openapi.json by \`npm run docs\`. */\n${types}`;
}

async function document(path: string, text: string): Promise<GeneratedDocument> {
  const { code, errors } = await format(path, text, style);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0].message}`);
  return { path, text: code };
}
