import { describe, expect, it } from 'vitest';
import { handlerFaults } from './handler-table.js';

describe('the handlers of a service', () => {
  it('are right when each consumer has one', () => {
    expect(handlerFaults('github-connector', ['github-connector-commands', 'github-connector-events'])).toEqual([]);
  });

  it('are refused when one is missing, too many or of nobody', () => {
    expect(handlerFaults('github-connector', ['github-connector-events', 'github-connector-events', 'router-events'])).toEqual([
      'github-connector-events has more than one handler',
      'consumer github-connector-commands has no handler',
      'handler "router-events" belongs to no consumer of github-connector',
    ]);
  });
});
