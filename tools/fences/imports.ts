import ts from 'typescript';

/** One import of a file, in whatever form: `import`, `export from`, `import()`, `import('x').T`. */
export interface FoundImport {
  readonly specifier: string;
  /** Nothing of it is left when the program runs. */
  readonly typeOnly: boolean;
  /** From 1. */
  readonly line: number;
}

/** By TypeScript's own parser: words in comments and texts are no imports. */
export function importsOf(name: string, text: string): readonly FoundImport[] {
  const kind = name.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, false, kind);
  const found: FoundImport[] = [];
  const visit = (node: ts.Node): void => {
    const one = importIn(node);
    if (one !== null) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push({ ...one, line: line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

type Import = Omit<FoundImport, 'line'>;

function importIn(node: ts.Node): Import | null {
  if (ts.isImportDeclaration(node)) {
    return of(node.moduleSpecifier, dropped(node.importClause));
  }
  if (ts.isExportDeclaration(node)) {
    return of(node.moduleSpecifier, node.isTypeOnly || allTypes(node.exportClause));
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return of(node.argument.literal, true);
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return of(node.arguments[0], false);
  }
  return null;
}

function of(specifier: ts.Node | undefined, typeOnly: boolean): Import | null {
  if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return null;
  return { specifier: specifier.text, typeOnly };
}

/** Without a clause an import is for its effect. */
function dropped(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  return clause.name === undefined && allTypes(clause.namedBindings);
}

function allTypes(names: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  if (names === undefined || (!ts.isNamedImports(names) && !ts.isNamedExports(names))) return false;
  const elements: readonly { readonly isTypeOnly: boolean }[] = names.elements;
  return elements.length > 0 && elements.every(({ isTypeOnly }) => isTypeOnly);
}
