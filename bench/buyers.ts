import http from 'node:http';

const atOnce = 32;

/** Guest sessions, as header lines. Many, because one user may only send so many requests. */
export async function openSessions(gatewayUrl: string, count: number): Promise<string[][]> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: atOnce });
  const users: string[][] = [];
  const open = async () => {
    while (users.length < count) {
      const slot = users.push([]) - 1;
      users[slot] = [`Authorization: Bearer ${await openSession(gatewayUrl, agent)}`];
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, open));
    return users;
  } finally {
    agent.destroy();
  }
}

function openSession(gatewayUrl: string, agent: http.Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      new URL('/v1/sessions', gatewayUrl),
      { method: 'POST', agent, headers: { 'content-length': 0 } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 201) resolve((JSON.parse(text) as { token: string }).token);
          else reject(new Error(`POST /v1/sessions answered ${response.statusCode}: ${text}`));
        });
      },
    );
    request.on('error', reject);
    request.end();
  });
}
