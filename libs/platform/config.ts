import { readFileSync, statSync } from 'node:fs';
import type { Static, TObject, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { redact } from './redact.js';

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
 * What is a secret, or a URL that may hold one, may stand in a file instead, whose path is in the
 * variable of that name with _FILE behind it.
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
    const found = mayBeInFile(name, property) ? textOrFile(name, env) : { text: env[name] };
    const problem =
      'problem' in found
        ? found.problem
        : readVariable(name, property, found.text, isRequired(schema, name), values);
    if (problem !== null) problems.push(problem);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return freezeDeep(values) as Readonly<Static<Schema>>;
}

/**
 * The configuration as it may be logged. Masked: variables that end in SECRET, KEY, PASSWORD,
 * TOKEN or SEED (or say `secret: true` in their schema), and what redact() finds in the others.
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

const mayBeInFile = (name: string, schema: TSchema): boolean =>
  isSecret(name, schema) || name.endsWith('_URL');

/** A line end at the end of the file is the editor's. */
function textOrFile(
  name: string,
  env: Environment,
): { readonly text: string | undefined } | { readonly problem: string } {
  const file = env[`${name}_FILE`] ?? '';
  if (file === '') return { text: env[name] };
  if ((env[name] ?? '') !== '') return { problem: `${name} and ${name}_FILE are both set` };
  try {
    const { size } = statSync(file);
    if (size > secretFileBytesMax)
      return { problem: `${name}_FILE names a file that is too large` };
    return { text: readFileSync(file, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { problem: `${name}_FILE names a file that cannot be read (${code})` };
  }
}

const secretFileBytesMax = 64 * 1024;

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
  if (choices.length > 0) return `must be one of: ${choices.join(', ')}`;
  // A pattern says nothing to people.
  return 'pattern' in schema && 'description' in schema
    ? `is not usable: ${wanted(schema)}`
    : wrong.message;
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
  return /(^|_)(SECRET|KEY|PASSWORD|TOKEN|SEED)$/.test(name);
}

const masked = (value: unknown): unknown => (typeof value === 'string' ? redact(value) : value);

function freezeDeep(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freezeDeep);
  }
  return value;
}
