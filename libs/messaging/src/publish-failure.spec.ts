import { JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { publishFailure } from './publish-failure.js';

const api = (err_code: number, code: number, description: string) => new JetStreamApiError({ err_code, code, description });
const noResponders = new Error('jetstream is not enabled', { cause: new errors.RequestError('', { cause: new errors.NoRespondersError('events.x') }) });

describe('what a failed publish means', () => {
  it.each([
    ['no answer in time', new errors.TimeoutError(), 'again'],
    ['an election, or no stream', noResponders, 'again'],
    ['a full stream: back-pressure, never a loss', api(10_077, 503, 'maximum bytes exceeded'), 'again'],
    ['too many requests', api(10_000, 429, 'too many requests'), 'again'],
    ['an error of no known kind', new Error('what?'), 'again'],
    ['a closed connection', new errors.ClosedConnectionError(), 'away'],
    ['a draining connection', new errors.DrainingConnectionError(), 'away'],
    ['a message too large for the stream', api(10_054, 400, 'message size exceeds maximum allowed'), 'refused'],
    ['a subject that is none', new errors.InvalidSubjectError('a b'), 'refused'],
    ['a subject we may not use yet', new errors.PermissionViolationError('no', 'publish', 'x'), 'again'],
  ])('%s', (_, error, then) => {
    expect(publishFailure(error, 'events.x').then).toBe(then);
  });

  it('names both reasons why nobody may answer', () => {
    expect(publishFailure(noResponders, 'events.x').reason).toMatch(/"events.x".*leader.*no stream has this subject/);
  });
});
