import uWS from 'uWebSockets.js';
import { readBody } from './read-body.js';

/**
 * The yardstick: the least that a uWebSockets.js server can do with a hold request, or a read. It
 * reads the body, parses the JSON, and answers a fixed 201 of the same size as Holdfast's. No
 * checks, no state, no disk. Started by the benchmark as a process of its own with the answer as
 * argument.
 */
const answer = process.argv[2] ?? '{}';

const app = uWS.App();
app.post('/*', (response) => {
  response.onAborted(() => undefined);
  readBody(response, (text) => {
    const request = JSON.parse(text) as { event_id?: string };
    response.cork(() => {
      response.writeStatus(request.event_id === undefined ? '400 Bad Request' : '201 Created');
      response.writeHeader('content-type', 'application/json');
      response.end(answer);
    });
  });
});

/** A read: the answer again. */
app.get('/*', (response) => {
  response.cork(() => {
    response.writeHeader('content-type', 'application/json');
    response.end(answer);
  });
});

app.listen('127.0.0.1', 0, (socket) => {
  if (socket === false) throw new Error('bare server: no port');
  const port = uWS.us_socket_local_port(socket);
  process.stdout.write(`HOLDFAST_READY ${JSON.stringify({ role: 'bare', port })}\n`);
});
process.on('disconnect', () => process.exit(0));
