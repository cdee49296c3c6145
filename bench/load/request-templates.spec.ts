import { describe, expect, it } from '@jest/globals';
import { buildTemplates, writeValue } from './request-templates.js';

describe('the requests of a load run', () => {
  it('end as each user wants it, with the length that this makes', () => {
    const [one, two] = buildTemplates(
      {
        ...{ method: 'POST', path: '/x', users: [['A: 1'], ['A: 2']], values: ['00'] },
        ...{ bodyBefore: '{"v":"', bodyAfter: '"}', bodiesAfter: ['"}', '","token":"t"}'] },
      },
      'host',
    );
    writeValue(two, '17');
    expect(one.bytes.toString()).toMatch(/A: 1\r\n[^]*Content-Length: 10\r\n\r\n\{"v":"00"\}$/);
    expect(two.bytes.toString()).toMatch(/Content-Length: 22\r\n\r\n\{"v":"17","token":"t"\}$/);
  });
});
