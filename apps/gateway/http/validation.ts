import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';

/**
 * Compiled checks with errors that name the field as a person would write it: `seat_ids[1]`,
 * `best_available[0].quantity`, `query.page`.
 */
export interface FieldProblem {
  readonly field: string;
  readonly detail: string;
}

export interface Checked {
  check(value: unknown): boolean;
  /** Only called after check() said no. */
  problem(value: unknown): FieldProblem;
}

/** The part of TypeBox's error that is used. */
interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

export function compiled(schema: TSchema, prefix = ''): Checked {
  const validator = Compile(schema);
  return {
    check: (value) => validator.Check(value),
    problem: (value) => {
      const [first] = (validator.Errors(value) as readonly SchemaError[]).filter(isSpecific);
      return { field: prefix + fieldOf(first), detail: detailOf(first) };
    },
  };
}

/** The parent's "must match anyOf" says less than the child's own error. */
const isSpecific = (error: SchemaError): boolean => error.keyword !== 'anyOf';

/** A field that no schema is for has the schema `false`, which says nothing to people. */
const detailOf = ({ keyword, message }: SchemaError): string =>
  keyword === 'boolean' ? 'is not a known field' : message;

function fieldOf(error: SchemaError): string {
  const path = pathOf(error.instancePath);
  const missing =
    'requiredProperties' in error.params ? error.params.requiredProperties : undefined;
  if (!Array.isArray(missing)) return path === '' ? 'body' : path;
  return path === '' ? String(missing[0]) : `${path}.${String(missing[0])}`;
}

/** JSON pointer to `a[0].b`. */
function pathOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => {
      if (/^\d+$/.test(part)) return `${path}[${part}]`;
      return path === '' ? part : `${path}.${part}`;
    }, '')
    .slice(0, 200);
}
