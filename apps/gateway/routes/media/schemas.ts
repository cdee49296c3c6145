import Type from 'typebox';

export const MediaHash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'SHA-256 of the picture, in hexadecimal.',
});

export const PictureDoc = Type.String({ format: 'binary', description: 'WebP.' });
