import type { TObject, TSchema } from 'typebox';

/**
 * A query string as a value that its schema can judge: integers become numbers, everything else
 * stays text. What is not an integer stays text too, so that the schema names the field. A number
 * that is left empty (`page=`) is not given, as an empty text asks for nothing.
 */
export function parseQuery(text: string, schema: TObject): Record<string, unknown> {
  const values = Object.create(null) as Record<string, unknown>;
  if (text === '') return values;
  const properties = schema.properties as Readonly<Record<string, TSchema>>;
  for (const [name, value] of new URLSearchParams(text)) {
    const integer = isInteger(properties, name);
    if (integer && value === '') continue;
    if (Object.hasOwn(values, name)) values[name] = null;
    else values[name] = integer ? integerOr(value) : value;
  }
  return values;
}

const isInteger = (properties: Readonly<Record<string, TSchema>>, name: string): boolean =>
  Object.hasOwn(properties, name) &&
  'type' in properties[name] &&
  properties[name].type === 'integer';

const integerOr = (text: string): number | string =>
  /^-?\d{1,15}$/.test(text) ? Number(text) : text;
