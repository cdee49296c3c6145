import Type from 'typebox';

export const ShopConfig = Type.Object({
  stripe_publishable_key: Type.Union([Type.String(), Type.Null()], {
    description:
      "For Stripe's script. null: payments are simulated here, and `payment_token` is the name " +
      'of a test card.',
  }),
});
