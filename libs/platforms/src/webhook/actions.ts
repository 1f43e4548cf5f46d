import type { ActionSchema } from '@stellwerk/contracts';
import { addressFault, pathFault } from './field-faults.js';

export const webhookActions: readonly ActionSchema[] = [
  {
    name: 'send',
    description: 'POSTs JSON, signed by Standard Webhooks with the first of webhook.secrets; 2xx is accepted. With `await: true` waits for a signed call back.',
    awaits: 'when-asked',
    addressField: 'url',
    fields: {
      path: { type: 'text', required: false, description: 'Put behind the url of the connection; absent: that url itself', faultOf: pathFault },
      url: { type: 'text', required: false, description: 'Absolute address in place of both; credentials of the connection are sent to its own origin only', faultOf: addressFault },
      body: { type: 'any', required: false, description: 'Sent as JSON; absent: { type: "step.requested", data: { stellwerkId, run, flow, step } }' },
      headers: { type: 'text-map', required: false, description: 'Further request headers' },
    },
  },
];
