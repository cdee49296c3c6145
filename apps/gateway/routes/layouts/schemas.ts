import Type from 'typebox';

export const LayoutHash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of the plan, in hexadecimal.',
});

export const LayoutDoc = Type.Object({ hash: LayoutHash });
