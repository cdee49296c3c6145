/** ESLint's way to ask the fences: every form of import, in the file that is being written. */
import path from 'node:path';
import { refusalOf } from './fences.mjs';

export const fencesRule = {
  meta: { type: 'problem', schema: [], messages: { against: '{{reason}}' } },
  create(context) {
    const from = path.relative(context.cwd, context.filename).split(path.sep).join('/');
    const judge = (node, source, typeOnly) => {
      if (typeof source?.value !== 'string') return;
      const reason = refusalOf({ from, specifier: source.value, typeOnly });
      if (reason !== null) context.report({ node, messageId: 'against', data: { reason } });
    };
    return {
      ImportDeclaration: (node) => judge(node, node.source, isTypeOnly(node, 'importKind')),
      ExportNamedDeclaration: (node) => judge(node, node.source, isTypeOnly(node, 'exportKind')),
      ExportAllDeclaration: (node) => judge(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => judge(node, node.source, false),
      TSImportType: (node) => judge(node, node.source, true),
    };
  },
};

/** `import type { A }`, and also `import { type A }`: the compiler drops both. */
function isTypeOnly(node, kind) {
  if (node[kind] === 'type') return true;
  const { specifiers } = node;
  return specifiers.length > 0 && specifiers.every((one) => one[kind] === 'type');
}
