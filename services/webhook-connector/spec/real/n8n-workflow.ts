/** As docs/how-to/connect-n8n.md has it made by hand: a webhook that answers with the id of its execution, then the work. */
export const announceWorkflow = (credential: string) => ({
  name: 'Announce',
  settings: { executionOrder: 'v1', saveDataSuccessExecution: 'all', saveDataErrorExecution: 'all' },
  nodes: [
    node('Webhook', 'webhook', 2, { httpMethod: 'POST', path: 'announce', authentication: 'headerAuth', responseMode: 'responseNode' }, { credentials: { httpHeaderAuth: { id: credential, name: 'hook' } }, webhookId: '11111111-1111-4111-8111-111111111111' }),
    node('Respond', 'respondToWebhook', 1.4, { respondWith: 'json', responseBody: '={ "executionId": "{{ $execution.id }}" }' }),
    node('Work', 'wait', 1.1, { amount: '={{ $("Webhook").item.json.body.seconds }}', unit: 'seconds' }),
    node('Shall it fail?', 'if', 2.2, {
      conditions: { options: { caseSensitive: true, typeValidation: 'loose', version: 2 }, combinator: 'and', conditions: [{ leftValue: '={{ $("Webhook").item.json.body.fail }}', rightValue: 'yes', operator: { type: 'string', operation: 'equals' } }] },
    }),
    node('Fail', 'stopAndError', 1, { errorMessage: 'as told' }),
  ],
  connections: Object.fromEntries(['Webhook', 'Respond', 'Work', 'Shall it fail?', 'Fail'].slice(0, -1).map((name, n, all) => [name, { main: [[{ node: all[n + 1] ?? 'Fail', type: 'main', index: 0 }]] }])),
});

const node = (name: string, type: string, typeVersion: number, parameters: object, more: object = {}) =>
  ({ id: name, name, type: `n8n-nodes-base.${type}`, typeVersion, position: [0, 0], parameters: { options: {}, ...parameters }, ...more });
