#!/bin/sh
# stripe (npm: stripe 23.1.0): whether a request failed is asked of the body, not of the status.
#
# Expected: an answer with the status 500 makes the call throw (and be tried again, if allowed).
# Seen: when its body is JSON without a field `error`, as of a proxy or a gateway in between, the
# promise resolves with that body as if it were the object that was asked for. Of a POST with an
# idempotency key, maxNetworkRetries: 0 as with any number. A 500 whose body has `error` throws.
# So who puts something between himself and Stripe must see to it that its failures have another
# form, and whoever reads an answer must check that it is what was asked for.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --save-exact stripe@23.1.0
cat > seen.cjs <<'END'
const http = require('node:http');
const Stripe = require('stripe');
const bodies = ['{"message":"upstream failed"}', '{"error":{"type":"api_error","message":"no"}}'];
const server = http.createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end(bodies.shift());
  });
});
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  const stripe = new Stripe('sk_test_1', {
    host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0, telemetry: false,
  });
  const ask = () =>
    stripe.paymentIntents
      .create({ amount: 100, currency: 'eur' }, { idempotencyKey: 'a' })
      .then((answer) => `resolved: ${answer.message}`, (error) => `threw ${error.statusCode}`);
  const seen = [await ask(), await ask()];
  server.close();
  server.closeAllConnections();
  console.log(seen.join('; '));
  const expected = ['resolved: upstream failed', 'threw 500'];
  process.exitCode = seen.join() === expected.join() ? 0 : 1;
});
END
node seen.cjs
