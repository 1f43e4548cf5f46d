import { describe, expect, it } from 'vitest';
import { originalHeaders, readLetter, type LetterMessage } from './read-letter.js';

const NOW = new Date('2026-11-24T12:00:00Z');
const headers = {
  'nats-msg-id': 'dead:router-events:42', 'content-type': 'application/cloudevents+json', traceparent: '00-a-b-01',
  'dead-letter-reason': 'not a CloudEvent', 'dead-letter-stream': 'EVENTS', 'dead-letter-consumer': 'router-events',
  'dead-letter-subject': 'events.github.pipelinerun.finished', 'dead-letter-deliveries': '21', 'dead-letter-at': '2026-11-24T11:00:00.000Z',
  'dead-letter-sequence': '42', 'dead-letter-message-id': 'github:d1:pipelinerun.finished',
};
const letter = (more: Partial<LetterMessage> = {}) => readLetter({ sequence: 7, headers, body: Buffer.from('{"half":'), ...more }, NOW);

describe('a dead letter as it is written down', () => {
  it('tells why, where, when, how often, and of which message', () => {
    expect(letter()).toMatchObject({
      position: 7, stream: 'EVENTS', consumer: 'router-events', subject: 'events.github.pipelinerun.finished', reason: 'not a CloudEvent', deliveries: 21,
      messageId: 'github:d1:pipelinerun.finished', sequence: 42, bytes: 8, preview: '{"half":', diedAt: new Date('2026-11-24T11:00:00Z'),
    });
  });

  it('is the same one when it was written twice, and another one for another message of the same place', () => {
    expect(letter({ sequence: 9 }).id).toBe(letter().id);
    expect(letter({ body: Buffer.from('x') }).id).not.toBe(letter().id);
    expect(letter({ headers: { ...headers, 'dead-letter-sequence': '43' } }).id).not.toBe(letter().id);
    expect(letter({ headers: { ...headers, 'dead-letter-consumer': 'status-events' } }).id).not.toBe(letter().id);
  });

  it('is taken whatever is in it', () => {
    const odd = letter({ headers: { 'dead-letter-at': 'yesterday', 'dead-letter-deliveries': '-1', 'dead-letter-reason': 'a\0b' }, body: Buffer.from([0, 255, 1]) });
    expect(odd).toMatchObject({ consumer: '', deliveries: 0, sequence: null, reason: 'a\uFFFDb', diedAt: NOW, bytes: 3 });
    expect(odd.preview).not.toContain('\0');
  });

  it('reads the sequence of letters written before it had a header', () => {
    const { 'dead-letter-sequence': _, ...older } = headers;
    expect(letter({ headers: older }).sequence).toBe(42);
  });

  it('gives back the headers of the original alone', () => {
    expect(originalHeaders({ ...headers, 'Nats-Expected-Stream': 'X' })).toEqual({ 'content-type': 'application/cloudevents+json', traceparent: '00-a-b-01' });
  });
});
