#!/bin/sh
# uWebSockets.js (npm: uwebsockets 3.0.6, Linux x64): a WebSocket that has subscribed to a topic keeps
# memory of the size of the largest message that `send` gave it, until it closes.
#
# Expected: a message that the client has read costs the server nothing any more, whatever came
# before it. getBufferedAmount() says 0 in all cases below.
# Seen: 400 sockets that were sent 200,000 bytes each and have read them all cost about 200 KB each
# where `subscribe` came before `send` (also where `unsubscribe` came between, and where all is done
# later than in `open`), and next to nothing where the message was sent first. So the first picture
# for everybody who comes is sent before the socket follows its topic.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --save-exact uwebsockets@3.0.6 ws@8.18.3
cat > server.cjs <<'END'
const uws = require('uwebsockets');
const text = 'a'.repeat(200_000);
const first = process.argv[2];
const sockets = new Set();
const app = uws.App().ws('/*', {
  open: (ws) => {
    sockets.add(ws);
    setTimeout(() => {
      if (first !== 'send') ws.subscribe('map');
      if (first === 'both') ws.unsubscribe('map');
      ws.send(text);
      if (first === 'send') ws.subscribe('map');
    }, 20);
  },
  close: (ws) => sockets.delete(ws),
});
app.listen('127.0.0.1', 0, (token) => process.send(uws.us_socket_local_port(token)));
process.on('message', () => {
  const waiting = [...sockets].reduce((sum, ws) => sum + ws.getBufferedAmount(), 0);
  process.send({ rss: process.memoryUsage.rss(), open: sockets.size, waiting });
});
END
cat > seen.cjs <<'END'
const { fork } = require('node:child_process');
const { once } = require('node:events');
const WebSocket = require('ws');
const count = 400;
async function grown(first) {
  const server = fork('./server.cjs', [first]);
  const [port] = await once(server, 'message');
  const ask = async () => {
    server.send('how much');
    return (await once(server, 'message'))[0];
  };
  const before = await ask();
  const clients = [];
  for (let i = 0; i < count; i += 1) {
    const client = new WebSocket(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false });
    clients.push(client);
    await once(client, 'message');
  }
  const after = await ask();
  const bytes = Math.round((after.rss - before.rss) / count);
  console.error(`first ${first}: ${bytes} bytes a socket, ${after.open} open, ${after.waiting} waiting`);
  server.kill();
  clients.forEach((client) => client.terminate());
  return { bytes, waiting: after.waiting };
}
(async () => {
  const subscribed = await grown('subscribe');
  const left = await grown('both');
  const sent = await grown('send');
  const keeps = subscribed.bytes > 150_000 && left.bytes > 150_000 && sent.bytes < 50_000;
  console.log(JSON.stringify({ keeps, waiting: subscribed.waiting + left.waiting + sent.waiting }));
  process.exit(0);
})();
END
got=$(timeout 60 node seen.cjs)
echo "$got"
wanted='{"keeps":true,"waiting":0}'
[ "$got" = "$wanted" ] || { echo "it behaves otherwise now; was: $wanted" >&2; exit 1; }
