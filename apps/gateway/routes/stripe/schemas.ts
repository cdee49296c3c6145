import Type from 'typebox';

export const Received = Type.Object({ received: Type.Literal(true) });

export const ChallengePage = Type.String({ description: 'HTML.' });
