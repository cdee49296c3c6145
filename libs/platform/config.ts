import type { Static, TObject, TSchema } from 'typebox';
import { Value } from 'typebox/value';

/**
 * Turns environment variables into a checked, frozen configuration. The only file that reads
 * process.env. A schema is a TypeBox object whose properties are the variables' own names:
 *
 *   const schema = Type.Object({
 *     PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 8080 }),
 *     HOLDFAST_LOG_FILE: Type.Optional(Type.String()),
 *   });
 *
 * Numbers and booleans are converted, arrays and objects are read as JSON, an empty variable counts
 * as absent. All wrong variables are reported at once, by name, never by value: it may be a secret.
 */
export type Environment = Readonly<Record<string, string | undefined>>;

export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`the environment is not usable:\n${problems.map((line) => `  ${line}`).join('\n')}`);
  }
}

export function environment(): Environment {
  return process.env;
}

/** For a library that takes what it needs from the environment while it is loaded. */
export function setForLibrary(name: string, value: string): void {
  process.env[name] = value;
}

export function readConfig<Schema extends TObject>(
  schema: Schema,
  env: Environment = environment(),
): Readonly<Static<Schema>> {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, property] of Object.entries(schema.properties)) {
    const problem = readVariable(name, property, env[name], isRequired(schema, name), values);
    if (problem !== null) problems.push(problem);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return freezeDeep(values) as Readonly<Static<Schema>>;
}

/**
 * The configuration as it may be logged. Masked: variables that end in SECRET, KEY, PASSWORD or
 * TOKEN (or say `secret: true` in their schema), and the password inside any URL.
 */
export function maskedConfig<Schema extends TObject>(
  schema: Schema,
  config: Readonly<Static<Schema>>,
): Record<string, unknown> {
  const values = config as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(schema.properties)
      .filter(([name]) => values[name] !== undefined)
      .map(([name, property]) => [name, isSecret(name, property) ? '***' : masked(values[name])]),
  );
}

/** Puts the variable into `values`; returns what is wrong with it, or null. */
function readVariable(
  name: string,
  schema: TSchema,
  text: string | undefined,
  required: boolean,
  values: Record<string, unknown>,
): string | null {
  if (text === undefined || text === '') {
    if ('default' in schema) values[name] = structuredClone(schema.default);
    else if (required) return `${name} is missing: ${wanted(schema)}`;
    return null;
  }
  const value = converted(schema, text);
  const wrong = value === undefined ? undefined : Value.Errors(schema, value).at(0);
  if (value === undefined) return `${name} is not readable: ${wanted(schema)}`;
  if (wrong !== undefined) return `${name}${wrong.instancePath} ${reason(schema, wrong)}`;
  values[name] = value;
  return null;
}

/** Undefined: the text does not have the form of the schema's type. */
function converted(schema: TSchema, text: string): unknown {
  switch (typeOf(schema)) {
    case 'integer':
    case 'number':
      return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'array':
    case 'object':
      return parsedJson(text);
    default:
      return text;
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function reason(schema: TSchema, wrong: { instancePath: string; message: string }): string {
  const choices = wrong.instancePath === '' ? choicesOf(schema) : [];
  return choices.length > 0 ? `must be one of: ${choices.join(', ')}` : wrong.message;
}

/** The values of an enumeration or of a union of literals. */
function choicesOf(schema: TSchema): unknown[] {
  if ('enum' in schema && Array.isArray(schema.enum)) return schema.enum;
  if (!('anyOf' in schema) || !Array.isArray(schema.anyOf)) return [];
  return (schema.anyOf as object[]).flatMap((one) => ('const' in one ? [one.const] : []));
}

const typeOf = (schema: TSchema): unknown => ('type' in schema ? schema.type : undefined);

function wanted(schema: TSchema): string {
  if ('description' in schema) return String(schema.description);
  const type = typeOf(schema);
  if (type === 'boolean') return 'true or false is needed';
  if (type === 'array' || type === 'object') return `a JSON ${type} is needed`;
  return `a value of type ${typeof type === 'string' ? type : 'string'} is needed`;
}

const isRequired = (schema: TObject, name: string): boolean =>
  (schema.required as readonly string[] | undefined)?.includes(name) ?? false;

function isSecret(name: string, schema: TSchema): boolean {
  if ('secret' in schema) return schema.secret === true;
  return /(^|_)(SECRET|KEY|PASSWORD|TOKEN)$/.test(name);
}

function masked(value: unknown): unknown {
  return typeof value === 'string'
    ? value.replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^:/@\s]*):[^@/\s]*@/gi, '$1:***@')
    : value;
}

function freezeDeep(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freezeDeep);
  }
  return value;
}
