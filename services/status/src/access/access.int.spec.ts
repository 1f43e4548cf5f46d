import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startTestNats, tempDir, testDatabaseUrl, waitFor, type TempDir, type TestNats } from '@stellwerk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStatus, type StatusRig } from '../../test/status-rig.js';

let nats: TestNats;
let rig: StatusRig;
let dir: TempDir;

const entry = (name: string, role: string) => ({ name, role, sha256: createHash('sha256').update(`token-of-${name}`).digest('hex'), teams: [] });

beforeAll(async () => {
  dir = await tempDir('tokens');
  const file = join(dir.path, 'tokens.json');
  await writeFile(file, JSON.stringify([entry('vera', 'viewer'), entry('otto', 'operator')]));
  nats = await startTestNats();
  rig = await startStatus(nats.url, await testDatabaseUrl(), { STELLWERK_TOKENS_FILE: file });
});

afterAll(async () => {
  await rig?.stop();
  await nats?.stop();
  await dir?.remove();
});

const as = (name: string): Record<string, string> => ({ authorization: `Bearer token-of-${name}` });
const cancel = async (headers: Record<string, string>): Promise<number> => (await fetch(`${rig.url}/api/runs/r/cancel`, { method: 'POST', headers })).status;

describe('with tokens', () => {
  it.each(['/api/runs', '/api/runs/x', '/api/runs/stream', '/api/events', '/api/flows', '/api/connections'])('%s is only for who has one', async (path) => {
    const { status, type, body } = await rig.get(path);
    expect([status, type.split(';')[0], body['title']]).toEqual([401, 'application/problem+json', 'Unauthorized']);
    expect((await rig.get(path, { authorization: 'Bearer token-of-nobody' })).status).toBe(401);
    if (!path.endsWith('stream')) expect((await rig.get(path, as('vera'))).status).not.toBe(401);
  });

  it('a viewer may read and not order, an operator may both', async () => {
    expect((await rig.get('/api/runs', as('vera'))).status).toBe(200);
    expect(await cancel(as('vera'))).toBe(403);
    expect(await cancel({})).toBe(401);
    // The order is passed on; there is no router here to take it.
    expect(await cancel(as('otto'))).toBe(503);
  });

  it('a token that is taken out of the file is refused without a restart', async () => {
    await writeFile(join(dir.path, 'tokens.json'), JSON.stringify([entry('otto', 'operator')]));
    await waitFor(async () => (await rig.get('/api/runs', as('vera'))).status === 401, { what: 'the refusal' });
    expect((await rig.get('/api/runs', as('otto'))).status).toBe(200);
  });
});
