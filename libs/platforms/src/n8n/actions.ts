import type { ActionSchema } from '@stellwerk/contracts';

export const n8nActions: readonly ActionSchema[] = [
  {
    name: 'run-webhook',
    description: 'Calls the Webhook node of an active workflow. Waits for the execution when the answer names it as `executionId`; else accepted is all there is.',
    awaits: true,
    fields: {
      path: { type: 'text', required: true, description: 'Path of the Webhook node, what follows /webhook/' },
      body: { type: 'any', required: false, description: 'Sent as JSON; absent: { stellwerkId }' },
      headers: { type: 'text-map', required: false, description: 'Further request headers' },
    },
  },
];
