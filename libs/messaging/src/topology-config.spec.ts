import type { ConsumerConfig } from '@nats-io/jetstream';
import { CONSUMERS, STREAMS } from '@stellwerk/contracts';
import { describe, expect, it } from 'vitest';
import { consumerConfig, differences, streamConfig, withOneFilterField } from './topology-config.js';

describe('the configuration we ask for', () => {
  it.each(Object.values(STREAMS))('stream $name refuses when full instead of dropping what is stored', (spec) => {
    expect(streamConfig(spec, 3)).toMatchObject({ discard: 'new', retention: 'limits', storage: 'file', num_replicas: 3, duplicate_window: 120e9 });
  });

  it.each(CONSUMERS)('consumer $name never drops a message by itself', (spec) => {
    expect(consumerConfig(spec)).toMatchObject({ ack_policy: 'explicit', max_deliver: -1, ack_wait: 20e9, max_ack_pending: spec.slots * 8 });
    expect(consumerConfig(spec)).not.toHaveProperty('backoff');
  });
});

describe('comparing with what the server echoes', () => {
  it('names every field that differs, also one the server dropped silently', () => {
    expect(differences({ a: 1, b: ['x'], c: true }, { a: 1, b: ['y'] })).toEqual(['b is ["y"], expected ["x"]', 'c is undefined, expected true']);
  });

  it('is not disturbed by what the server adds', () => {
    expect(differences({ a: 1 }, { a: 1, metadata: {} })).toEqual([]);
  });

  it('knows a sole filter in either field', () => {
    expect(withOneFilterField({ filter_subject: 'events.>' } as ConsumerConfig).filter_subjects).toEqual(['events.>']);
  });
});
