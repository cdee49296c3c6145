import type { SourceFile } from './project-files.js';
import type { Problem } from './rules.js';

/**
 * The labels of invariants: one or two capitals and a number, which open a line of the module
 * comment that promises it, with two spaces behind. Others cite them by the label alone, so each
 * means one thing in the whole tree. G1 to G9, the guarantees, stand in docs/architecture.md.
 */
const definition = /^\s*\*\s+([A-Z]{1,2}[1-9]\d?) {2}\S/;
const guarantee = /^- \*\*(G[1-9]) /;
const guaranteesPage = 'docs/architecture.md';

/** Looks like a label and is none. */
const plainWords: ReadonlySet<string> = new Set(['V8']);

interface Label {
  readonly label: string;
  readonly file: string;
  readonly line: number;
}

export function uniqueLabels(files: readonly SourceFile[]): readonly Problem[] {
  const first = new Map<string, Label>();
  return files.flatMap(definitionsIn).flatMap((one) => {
    const other = first.get(one.label);
    if (other === undefined) {
      first.set(one.label, one);
      return [];
    }
    const message = `${one.label} is defined in ${other.file}:${other.line} too, use another label`;
    return [{ file: one.file, line: one.line, message }];
  });
}

export function knownLabels(files: readonly SourceFile[]): readonly Problem[] {
  const known = new Set(files.flatMap(definitionsIn).map(({ label }) => label));
  return files.flatMap(citationsIn).flatMap(({ label, file, line }) => {
    if (known.has(label) || plainWords.has(label)) return [];
    const message = `${label} is defined nowhere, use a label that is`;
    return [{ file, line, message }];
  });
}

function definitionsIn({ name, text }: SourceFile): readonly Label[] {
  const form = name === guaranteesPage ? guarantee : isCode(name) ? definition : null;
  if (form === null) return [];
  return text.split('\n').flatMap((line, index) => {
    const label = form.exec(line)?.[1];
    return label === undefined ? [] : [{ label, file: name, line: index + 1 }];
  });
}

const citation = /(?<![\w.-])[A-Z]{1,2}[1-9]\d?(?![\w-])/g;
/** `(K3)`, `(S3, S4)`, `(memory, B4)`, `(G1 to G4)` at the end of a test's or a guard's name. */
const inBrackets = /\((?:\w+, )?[A-Z]{1,2}[1-9]\d?(?:(?:, | to | and |-)[A-Z]{1,2}[1-9]\d?)*\)/g;

function citationsIn({ name, text }: SourceFile): readonly Label[] {
  const read = isCode(name) ? citedInCode : name.endsWith('.md') ? citedInProse : null;
  if (read === null) return [];
  let fenced = false;
  return text.split('\n').flatMap((line, index) => {
    if (name.endsWith('.md') && /^\s*(```|~~~)/.test(line)) fenced = !fenced;
    const said = fenced ? '' : read(line.replaceAll(/`[^`]*`/g, ''));
    return [...said.matchAll(citation)].map(([label]) => ({ label, file: name, line: index + 1 }));
  });
}

const isCode = (name: string): boolean => /\.(ts|tsx|mts|mjs|sql|pml)$/.test(name);

/** Whole comments; of other lines only what stands in brackets in a text. */
function citedInCode(line: string): string {
  const comment = /^\s*(?:\*|\/\/|\/\*|--)(.*)$/.exec(line)?.[1] ?? /\/\*(.*)\*\//.exec(line)?.[1];
  if (comment !== undefined) return comment;
  return /['"]/.test(line) ? [...line.matchAll(inBrackets)].join(' ') : '';
}

const citedInProse = (line: string): string => line;
