/**
 * The project's own rules, for the linter to ask in the file that is being written: the fences
 * (fences.mjs), what the core is (`pure`), and what the libraries that run in browsers, too, take
 * through ports (`ports`). Which files each is for says .oxlintrc.json.
 */
import path from 'node:path';
import { refusalOf } from './fences.mjs';

const fences = {
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

const asyncFunction = (node) => (node.async ? 'the core is synchronous' : null);

const pure = ruleOf({
  FunctionDeclaration: asyncFunction,
  FunctionExpression: asyncFunction,
  ArrowFunctionExpression: asyncFunction,
  MemberExpression: (node) =>
    isMember(node, 'Math', 'random') ? 'the core has no randomness' : null,
});

const ports = ruleOf({
  NewExpression: ({ callee }) =>
    callee.name === 'Date' ? 'the clock is a port; Date.parse reads a time' : null,
  MemberExpression(node) {
    if (isMember(node, 'Date', 'now')) return 'the clock is a port';
    return isMember(node, 'Math', 'random') ? 'chance is a port' : null;
  },
});

/** Each judge says what is wrong with a node of its type, or null. */
function ruleOf(judges) {
  return {
    meta: { type: 'problem', schema: [], messages: { against: '{{reason}}' } },
    create(context) {
      const visit = (judge) => (node) => {
        const reason = judge(node);
        if (reason !== null) context.report({ node, messageId: 'against', data: { reason } });
      };
      return Object.fromEntries(Object.entries(judges).map(([type, one]) => [type, visit(one)]));
    },
  };
}

function isMember({ object, property }, objectName, propertyName) {
  return object.name === objectName && property.name === propertyName;
}

export default { meta: { name: 'holdfast' }, rules: { fences, pure, ports } };
