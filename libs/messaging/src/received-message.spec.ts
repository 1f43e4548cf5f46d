import { cloudEvent } from '@stellwerk/contracts';
import { PermanentError } from '@stellwerk/service-kit';
import { describe, expect, it } from 'vitest';
import { ReceivedMessage } from './received-message.js';

const received = (body: string, headers: Record<string, string> = {}) =>
  new ReceivedMessage({ subject: 's', headers, body: Buffer.from(body), deliveries: 1, sequence: 1, signal: new AbortController().signal });

const event = cloudEvent({ id: 'a', source: '/services/router', type: 'run.started', subject: 'r', time: new Date(0), correlationId: 'r', causationId: 'b', data: { x: 1 } });

describe('a received message', () => {
  it('gives the event of a sound envelope', () => {
    expect(received(JSON.stringify(event)).cloudEvent()).toEqual(event);
  });

  it.each([
    ['no JSON', '{', 'body is not JSON'],
    ['a list', '[]', 'expected an object'],
    ['nothing', 'null', 'expected an object'],
    ['another version', JSON.stringify({ ...event, specversion: '0.3' }), 'specversion must be 1.0'],
    ['no id, no fact', JSON.stringify({ ...event, id: '', fact: 7 }), 'id must be a text; fact must be a text'],
    ['no data', JSON.stringify({ ...event, data: undefined }), 'data is missing'],
  ])('is a dead letter when it holds %s', (_, body, reason) => {
    expect(() => received(body).cloudEvent()).toThrow(PermanentError);
    expect(() => received(body).cloudEvent()).toThrow(reason);
  });

  it('carries the trace of who sent it', () => {
    expect(received('{}', { traceparent: 'x', other: 'y' }).trace).toEqual({ traceparent: 'x' });
  });
});
