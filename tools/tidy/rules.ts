import path from 'node:path';
import type { SourceFile } from './project-files.js';

/**
 * The house rules that a machine can check, one file at a time. A rule gets a file and returns
 * what is wrong in it; each message says what to do instead.
 */
export interface Problem {
  readonly file: string;
  /** From 1; 0 when the whole file is meant. */
  readonly line: number;
  /** `rule, use Y` */
  readonly message: string;
}

export type FileRule = (file: SourceFile) => readonly Problem[];

export const describeProblem = ({ file, line, message }: Problem): string =>
  line === 0 ? `${file}: ${message}` : `${file}:${line}: ${message}`;

const columnsMax = 100;
const linesMax = 400;
const specLinesMax = 500;
const undocumentedLinesMax = 80;

/** Written by a tool of somebody else, and compared with what it writes now. */
const generated: readonly string[] = ['libs/client/openapi-types.ts'];

const isSpec = (name: string): boolean => /\.(spec|features)\.tsx?$/.test(name);
const isCode = (name: string): boolean =>
  /\.(ts|tsx|mts|mjs)$/.test(name) && !generated.includes(name);
const isUnder = (name: string, ...folders: string[]): boolean =>
  folders.some((folder) => name.startsWith(folder));

/** Split, so that the rules do not find themselves. */
const word = (...parts: string[]): string => parts.join('');

export const lineLength: FileRule = ({ name, text }) =>
  isCode(name)
    ? onLines({ name, text }, (line) =>
        line.length > columnsMax ? `${line.length} columns, use at most ${columnsMax}` : null,
      )
    : [];

export const fileLength: FileRule = ({ name, text }) => {
  if (!isCode(name)) return [];
  const lines = text.trimEnd().split('\n').length;
  const most = isSpec(name) ? specLinesMax : linesMax;
  if (lines <= most) return [];
  return [
    { file: name, line: 0, message: `${lines} lines, use at most ${most}: split by concept` },
  ];
};

const leftovers = new RegExp(
  `\\b(${[word('TO', 'DO'), word('FIX', 'ME'), word('XX', 'X'), word('HA', 'CK')].join('|')})\\b`,
);

export const unfinishedWork: FileRule = (file) =>
  onLines(file, (line) => {
    const found = leftovers.exec(line)?.[1];
    return found === undefined ? null : `"${found}", use an issue, or do it now`;
  });

const silencers = new RegExp(
  [word('eslint-', 'disable'), word('@ts-', 'ignore'), word('@ts-', 'nocheck')].join('|'),
);

export const silencedChecks: FileRule = (file) =>
  isCode(file.name)
    ? onLines(file, (line) => {
        const found = silencers.exec(line)?.[0];
        return found === undefined ? null : `${found}, use code that the check accepts`;
      })
    : [];

const partialRun = new RegExp(`\\b(${['it', 'test', 'describe'].join('|')})\\.(only|skip|todo)\\b`);
const partialName = /^\s*(xit|xtest|xdescribe|fit|fdescribe)\(/;

export const skippedTests: FileRule = (file) =>
  isSpec(file.name)
    ? onLines(file, (line) =>
        partialRun.test(line) || partialName.test(line)
          ? 'a test that is skipped or runs alone, use a plain it()'
          : null,
      )
    : [];

export const consoleOutput: FileRule = (file) =>
  isCode(file.name) && isUnder(file.name, 'libs/', 'apps/') && !/\.bench\.tsx?$/.test(file.name)
    ? onLines(file, (line) =>
        /\bconsole\.\w+\(/.test(line) ? 'console output, use libs/platform/log.ts' : null,
      )
    : [];

/** Who may write to a terminal beside the two words for it, and why what it writes is clean. */
const terminalWriters: Readonly<Record<string, string>> = {
  'ops/system/terminal.ts': 'cleans what it is given',
  'ops/start/progress.ts': 'cleans what it is given, and rewrites a line of its own',
  'trials/demo/progress-line.ts': 'cleans what it is given, and rewrites a line of its own',
  'ops/holdfastctl/holdfastctl.ts': 'gives the streams to context.ts, which cleans what is printed',
  'ops/holdfastctl.mjs': 'its one line, where there is no build that could clean it',
  'ops/setup.mjs': 'comes before the build: its own words, and those of npm and the compiler',
  'apps/gateway/openapi/write-documents.ts': 'the names of two files of the project',
  'apps/payments/testing/payments-process.ts': 'one fixed line, for the program that began it',
};

const terminalWrite = /\bconsole\.(log|error|warn|info|debug)\b|\b(stdout|stderr|screen)\.write\(/;

export const terminalOutput: FileRule = (file) => {
  const { name } = file;
  if (!isCode(name) || isSpec(name) || !isUnder(name, 'apps/', 'ops/', 'trials/')) return [];
  const found = onLines(file, (line) =>
    !isComment(line) && terminalWrite.test(line)
      ? 'writes to a terminal, use ops/system/terminal.ts'
      : null,
  );
  if (!Object.hasOwn(terminalWriters, name)) return found;
  if (found.length > 0) return [];
  return [{ file: name, line: 0, message: 'writes to no terminal, use no exception for it' }];
};

export const environmentAccess: FileRule = (file) => {
  const { name } = file;
  const allowed =
    name === 'libs/platform/config.ts' ||
    name === 'jest.config.mjs' ||
    isUnder(name, 'ops/', 'trials/', 'tools/', 'libs/testing/') ||
    isSpec(name);
  if (allowed || !isCode(name)) return [];
  return onLines(file, (line) =>
    !isComment(line) && /\bprocess\.env\b/.test(line)
      ? 'process.env, use a schema and libs/platform/config.ts'
      : null,
  );
};

/** Small files speak for themselves; a larger one opens with its job and its boundary. */
export const openingComment: FileRule = ({ name, text }) => {
  if (!/\.tsx?$/.test(name) || isSpec(name) || !isUnder(name, 'libs/', 'apps/')) return [];
  if (text.split('\n').length <= undocumentedLinesMax) return [];
  const firstCode = /^export (abstract )?(async )?(class|function)\b/m.exec(text);
  const opening = firstCode === null ? text : text.slice(0, firstCode.index);
  const comments = opening.match(/\/\*\*[\s\S]*?\*\//g) ?? [];
  if (comments.length > 0) return [];
  return [
    {
      file: name,
      line: 1,
      message: 'no word about its job, use a /** comment before what it exports',
    },
  ];
};

/** What is set in a format is display; what is read from one differs by the machine. */
const readDigits = new RegExp(
  [
    `${word('Fraction', 'Digits')}\\b(?!\\s*:)`,
    `${word('supported', 'ValuesOf')}\\(\\s*['"]currency`,
  ].join('|'),
);

export const currencyDigits: FileRule = (file) =>
  isCode(file.name)
    ? onLines(file, (line) =>
        !isComment(line) && readDigits.test(line)
          ? 'digits of a currency from Intl, use libs/contracts/money/currencies.ts'
          : null,
      )
    : [];

/** Folders of one machine. Paths of the system itself (/usr, /proc, /tmp) are everybody's. */
const machinePath = new RegExp(`(^|[\\s'"\`(=])/(${['work', 'home', 'Users'].join('|')})/\\w`);

export const machinePaths: FileRule = (file) =>
  onLines(file, (line) =>
    machinePath.test(line) ? 'a path of one machine, use one relative to the project' : null,
  );

function onLines(file: SourceFile, judge: (line: string) => string | null): readonly Problem[] {
  return file.text.split('\n').flatMap((line, index) => {
    const message = judge(line);
    return message === null ? [] : [{ file: file.name, line: index + 1, message }];
  });
}

const isComment = (line: string): boolean => /^\s*(\*|\/\/|\/\*)/.test(line);

export const fileRules: Readonly<Record<string, FileRule>> = {
  'lines fit 100 columns': lineLength,
  'a file is one concept of bounded length': fileLength,
  'nothing is left for later': unfinishedWork,
  'no check is silenced': silencedChecks,
  'no test is skipped': skippedTests,
  'what goes to a terminal is cleaned': terminalOutput,
  'libraries and apps speak through the log': consoleOutput,
  'only the configuration reads the environment': environmentAccess,
  'one table has the decimals of currencies': currencyDigits,
  'a module says what it is for': openingComment,
  'no path belongs to one machine': machinePaths,
};

/** `./a.js` in `libs/x/b.ts` is `libs/x/a`; without an ending, because the ending changes. */
export function importedFile(from: string, specifier: string): string | null {
  const plain = specifier.replace(/\.(js|mjs|tsx?)$/, '');
  if (specifier.startsWith('#')) return plain.slice(1);
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(from), plain);
  return null;
}
