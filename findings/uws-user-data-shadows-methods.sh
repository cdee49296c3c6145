#!/bin/sh
# uWebSockets.js (npm: uwebsockets 3.0.6): the user data of a WebSocket is the WebSocket itself.
#
# Expected by its types and manual: `upgrade(userData, ...)` keeps an object beside the socket, and
# `ws.getUserData()` gives it back, apart from the socket's own methods.
# Seen: the fields of `userData` are copied onto the socket object, and getUserData() returns that
# object. A field that has the name of a method (`close`, `send`, `getBufferedAmount`, ...) takes the
# method's place without a word, and what is changed later in the object that was given is not seen.
# So user data must not have fields with the names of methods: of these or of later releases.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --save-exact uwebsockets@3.0.6 ws@8.18.3
cat > seen.cjs <<'END'
const uws = require('uwebsockets');
const WebSocket = require('ws');
const given = { mine: 1, getBufferedAmount: () => 'not a number' };
let seen;
const app = uws.App().ws('/*', {
  upgrade: (res, req, context) =>
    res.upgrade(
      given,
      req.getHeader('sec-websocket-key'),
      req.getHeader('sec-websocket-protocol'),
      req.getHeader('sec-websocket-extensions'),
      context,
    ),
  open: (ws) => {
    given.mine = 2;
    seen = {
      userDataIsTheSocket: ws.getUserData() === ws,
      userDataIsWhatWasGiven: ws.getUserData() === given,
      mine: ws.getUserData().mine,
      getBufferedAmount: ws.getBufferedAmount(),
    };
    ws.end(1000);
  },
});
app.listen('127.0.0.1', 0, (token) => {
  const client = new WebSocket(`ws://127.0.0.1:${uws.us_socket_local_port(token)}/`);
  client.on('close', () => {
    console.log(JSON.stringify(seen));
    app.close();
  });
});
END
got=$(timeout 30 node seen.cjs)
echo "$got"
wanted='{"userDataIsTheSocket":true,"userDataIsWhatWasGiven":false,"mine":1,"getBufferedAmount":"not a number"}'
[ "$got" = "$wanted" ] || { echo "it behaves otherwise now; was: $wanted" >&2; exit 1; }
