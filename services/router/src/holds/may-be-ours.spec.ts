import type { EventContext } from '@stellwerk/flows';
import { describe, expect, it } from 'vitest';
import { mayBeOurs as mayBeOursAt, placesAbove, type UnsettledCommand } from './may-be-ours.js';

const ORIGIN = 'https://github.example';
const created = Date.parse('2026-11-24T08:00:00Z');
const command = (more: Partial<UnsettledCommand> = {}): UnsettledCommand => ({ origin: ORIGIN, repository: 'acme/shop', pipeline: 'deploy.yml', repeatsRun: null, createdAt: created, ...more });
const event = (more: Partial<EventContext> = {}): EventContext => ({
  id: 'e', type: 'pipelinerun.finished', fact: 'f', connection: 'github', platform: 'github', repository: 'acme/shop',
  pipeline: 'Deploy', pipelineFile: '.github/workflows/deploy.yml', run: { id: '1', attempt: 1 }, startedAt: '2026-11-24T08:00:05Z', occurredAt: '2026-11-24T08:00:10Z', ...more,
});

const mayBeOurs = (one: EventContext, commands: readonly UnsettledCommand[]): boolean => mayBeOursAt(one, ORIGIN, commands);

describe('an event that may be the doing of an unsettled command', () => {
  it('speaks of a run of the same repository and pipeline that started after it', () => {
    expect(mayBeOurs(event(), [command()])).toBe(true);
    expect(mayBeOurs(event(), [])).toBe(false);
    expect(mayBeOursAt(event(), 'https://elsewhere.example', [command()])).toBe(false);
    expect(mayBeOurs(event({ repository: 'acme/other' }), [command()])).toBe(false);
    expect(mayBeOurs(event({ pipelineFile: '.github/workflows/ci.yml', pipeline: 'CI' }), [command()])).toBe(false);
    expect(mayBeOurs(event({ startedAt: '2026-11-24T07:50:00Z' }), [command()])).toBe(false);
    expect(mayBeOurs(event({ run: undefined }), [command()])).toBe(false);
  });

  it('what is not known may be ours', () => {
    expect(mayBeOurs(event(), [command({ repository: null, pipeline: null })])).toBe(true);
    expect(mayBeOurs(event({ pipelineFile: undefined }), [command()])).toBe(true);
    expect(mayBeOurs(event({ startedAt: undefined }), [command()])).toBe(true);
  });

  it('speaks of the run that the command sets going again, however long ago that started', () => {
    const repeats = (repeatsRun: string) => command({ pipeline: null, repeatsRun });
    const old = { startedAt: '2026-11-20T08:00:00Z' };
    expect(mayBeOurs(event(old), [repeats('1')])).toBe(true);
    expect(mayBeOurs(event(old), [repeats('2')])).toBe(false);
    expect(mayBeOurs(event({ ...old, repository: 'acme/other' }), [repeats('1')])).toBe(false);
    expect(mayBeOurs(event(old), [repeats('')])).toBe(true);
  });

  it('is looked for at its repository and all above it', () => {
    expect(placesAbove('shop/app/feature%2Fx')).toEqual(['shop/app/feature%2Fx', 'shop/app', 'shop']);
    expect(placesAbove('shop')).toEqual(['shop']);
  });

  it('a branch of a multibranch job belongs to the job', () => {
    const jenkins = command({ repository: 'shop/app', pipeline: null });
    expect(mayBeOurs(event({ repository: 'shop/app/feature%2Fx', pipelineFile: undefined }), [jenkins])).toBe(true);
    expect(mayBeOurs(event({ repository: 'shop/application', pipelineFile: undefined }), [jenkins])).toBe(false);
  });
});
