import { describe, expect, it } from 'vitest';
import type { Decision } from './decide.js';
import { giveOutputs, outputsToKeep } from './give-outputs.js';

const run = { id: '7', attempt: 1, repository: 'acme/shop' };
const accepted: Decision = { change: { state: 'TRIGGERED', nextAt: null, run }, event: { type: 'trigger.accepted', outcome: { followed: true } } };
const waiting: Decision = { change: { state: 'TRIGGERED', nextAt: new Date(), handle: '12' } };
const outputsOf = ({ id }: { id: string }) => ({ number: Number(id) });

describe('outputs of a dispatch', () => {
  it('go with the acceptance: those of the answer, else those that follow from the run', () => {
    expect(giveOutputs(accepted, { outputs: { a: 1 } }, outputsOf).event?.outcome).toEqual({ followed: true, outputs: { a: 1 } });
    expect(giveOutputs(accepted, undefined, outputsOf).event?.outcome).toEqual({ followed: true, outputs: { number: 7 } });
    for (const none of [undefined, {}]) expect(giveOutputs(accepted, undefined, () => none).event?.outcome).toEqual({ followed: true });
  });

  it('are kept until the run is known', () => {
    expect(giveOutputs(waiting, { outputs: { a: 1 } }, outputsOf)).toEqual({ change: { ...waiting.change, outputs: { outputs: { a: 1 } } } });
    expect(giveOutputs(waiting, undefined, outputsOf)).toEqual(waiting);
  });

  it('are no part of a refusal, nor of what is not known', () => {
    for (const decision of [{ change: { state: 'FAILED', nextAt: null }, event: { type: 'trigger.rejected', outcome: { reason: 'no' } } }, { change: { state: 'UNKNOWN', nextAt: null } }] as Decision[]) {
      expect(giveOutputs(decision, { outputs: { a: 1 } }, outputsOf)).toEqual(decision);
    }
  });

  it('that are left out say why', () => {
    const given = outputsToKeep({ a: 'x'.repeat(20_000) }, () => []);
    expect(giveOutputs(accepted, given, () => undefined).event?.outcome).toEqual({ followed: true, reason: 'they have 20008 bytes, expected at most 16384' });
  });

  it('hold no secret of the call', () => {
    expect(outputsToKeep({ token: 'new', echo: 'key=hunter22' }, () => ['hunter22'])).toEqual({ outputs: { token: '***', echo: 'key=***' } });
    expect(outputsToKeep(undefined, () => [])).toBeUndefined();
  });
});
