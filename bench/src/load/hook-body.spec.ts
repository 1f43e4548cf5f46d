import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hookRequest } from './hook-body.ts';

const parts = (request: Buffer) => {
  const end = request.indexOf('\r\n\r\n');
  return { head: request.toString('latin1', 0, end), body: request.subarray(end + 4) };
};

describe('a webhook of the driver', () => {
  const { head, body } = parts(hookRequest({ id: 7_000_000_001, action: 'completed' }, { path: '/hooks/github', host: '127.0.0.1', secret: 'a secret' }));

  it('is as large as the figures say', () => {
    expect(body.length).toBeGreaterThan(10_000);
    expect(body.length).toBeLessThan(10_500);
    expect(head).toContain(`Content-Length: ${body.length}`);
  });

  it('is signed over its bytes', () => {
    expect(head).toContain(`sha256=${createHmac('sha256', 'a secret').update(body).digest('hex')}`);
  });

  it('says that CI of acme/shop was successful on main', () => {
    expect(JSON.parse(body.toString())).toMatchObject({
      action: 'completed', repository: { full_name: 'acme/shop' },
      workflow_run: { id: 7_000_000_001, name: 'CI', head_branch: 'main', conclusion: 'success', head_repository: { full_name: 'acme/shop' } },
    });
  });
});
