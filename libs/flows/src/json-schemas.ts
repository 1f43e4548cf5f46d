import type { ActionLookup } from './model.js';

export type Kind = 'Connection' | 'Flow' | 'Channel' | 'Environment';

/** One JSON Schema a kind, for editors. */
export const jsonSchemas = (actions: ActionLookup): Record<Kind, object> => ({
  Connection: { actions: actions.length }, Flow: {}, Channel: {}, Environment: {},
});
