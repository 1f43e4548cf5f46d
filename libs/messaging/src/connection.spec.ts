import { describe, expect, it } from 'vitest';
import { isServerTooOld, natsOptions } from './connection.js';

describe('a connection', () => {
  it('never gives up, and waits for a server that is not there yet', () => {
    expect(natsOptions({ name: 'router', url: 'nats://127.0.0.1:4222' })).toMatchObject({
      maxReconnectAttempts: -1, waitOnFirstConnect: true, ignoreAuthErrorAbort: true, reconnectTimeWait: 500, pingInterval: 10_000, maxPingOut: 2,
    });
  });

  it('listens below a prefix of its own, which permissions can name', () => {
    expect(natsOptions({ name: 'github-connector', url: 'n1:4222' }).inboxPrefix).toBe('_INBOX_github_connector');
  });

  it('takes user and password out of the address', () => {
    expect(natsOptions({ name: 'router', url: 'nats://me:p%40ss@n1:4222,nats://me:p%40ss@n2:4223' })).toMatchObject({ servers: ['n1:4222', 'n2:4223'], user: 'me', pass: 'p@ss' });
  });

  it.each([['2.12.0', false], ['2.12.9', false], ['2.15.1', false], ['3.0.0', false], ['2.13.0-RC.1', false], ['2.11.99', true], ['2.9.25', true], ['1.4.1', true]])(
    'server %s too old: %s', (version, old) => expect(isServerTooOld(version)).toBe(old));
});
