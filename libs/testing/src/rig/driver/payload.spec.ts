import { githubSignature } from '@stellwerk/simulators';
import { describe, expect, it } from 'vitest';
import { GithubPayloads } from './payload.js';
import { Random } from './random.js';

const payloads = (seed: number): GithubPayloads => new GithubPayloads({ githubUrl: 'http://127.0.0.1:8090', secret: 'rig' }, new Random(seed));

describe('payloads', () => {
  it('are of the wanted size, signed over their bytes, and no two are the same run', () => {
    const source = payloads(1);
    const made = Array.from({ length: 50 }, () => source.green('one'));
    for (const { body, headers } of made) {
      expect(Math.abs(body.length - 10_000)).toBeLessThan(50);
      expect(headers['x-hub-signature-256']).toBe(githubSignature('rig', body.toString()));
    }
    expect(new Set(made.map(({ run }) => run)).size).toBe(50);
    expect(new Set(made.map(({ id }) => id)).size).toBe(50);
    const read = JSON.parse(made[7]!.body.toString()) as { workflow_run: { id: number; head_sha: string; html_url: string } };
    expect(read.workflow_run.head_sha).toBe(made[7]!.sha);
    expect(read.workflow_run.html_url).toContain(`/runs/${read.workflow_run.id}`);
  });

  it('come again with the same seed, and only with it', () => {
    expect(payloads(7).green('one').id).toBe(payloads(7).green('one').id);
    expect(payloads(7).green('one').id).not.toBe(payloads(8).green('one').id);
  });
});
