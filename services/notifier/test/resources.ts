/** Its URL is in TEST_<NAME>. */
export const channel = (name: string, type: string, extra = ''): string => `
apiVersion: stellwerk.dev/v1
kind: Channel
metadata: { name: ${name} }
spec: { type: ${type}, url: { env: TEST_${name.toUpperCase()} }, network: { allow: [127.0.0.0/8] }${extra} }
---`;

export const flow = (name: string, channels: string, on: string): string => `
apiVersion: stellwerk.dev/v1
kind: Flow
metadata: { name: ${name} }
spec:
  on: [{ event: pipelinerun.finished, from: github }]
  steps:
    deploy: { uses: github/dispatch-workflow, with: { repository: acme/shop, workflow: deploy.yml, ref: main } }
  notify: [${channels.split(' ').map((one) => `{ channel: ${one}, on: [${on}] }`).join(', ')}]
---`;

const bot = (name: string, slackChannel: string, quiet = ''): string => `
apiVersion: stellwerk.dev/v1
kind: Channel
metadata: { name: ${name} }
spec: { type: slack, token: { env: TEST_BOT }, channel: "${slackChannel}", network: { allow: [127.0.0.0/8] }${quiet} }
---`;

const ALL = 'started, succeeded, failed, recovered, cancelled, rolled-back, approval, waiting';

export const CONNECTION = `
apiVersion: stellwerk.dev/v1
kind: Connection
metadata: { name: github }
spec: { platform: github, url: https://api.github.com, auth: { token: { env: TEST_TOKEN } } }
---`;

/** A channel of each kind that chats and programs have, and flows that tell all or one of them. */
export const RESOURCES = `${CONNECTION}${channel('slack', 'slack')}${channel('discord', 'discord')}${channel('hook', 'webhook', ', secret: { env: TEST_HOOK_SECRET }')}
${flow('everywhere', 'slack discord hook', 'started, succeeded, failed, recovered, cancelled, rolled-back')}
${flow('to-slack', 'slack', 'failed')}${flow('to-discord', 'discord', 'failed, succeeded')}${flow('to-hook', 'hook', 'failed')}
${bot('bot', '#releases')}${bot('bot-same', '#releases', ', quiet: { same: 10m }')}${bot('bot-away', '#secret')}${bot('bot-digest', '#releases', ', quiet: { digest: 2s }')}
${channel('same', 'discord', ', quiet: { same: 10m }').replace('TEST_SAME', 'TEST_DISCORD')}${channel('digest', 'slack', ', quiet: { digest: 1h, same: 10m }').replace('TEST_DIGEST', 'TEST_SLACK')}
${flow('lives', 'bot', ALL)}${flow('fails', 'bot', 'failed, recovered')}${flow('spared', 'bot-same', 'failed, succeeded')}${flow('asks-bot', 'bot', 'approval')}${flow('uninvited', 'bot-away', 'failed')}
${flow('counted', 'same', 'failed, succeeded, recovered')}${flow('gathered', 'digest', ALL)}${flow('bot-gathered', 'bot-digest', ALL)}
${flow('asks', 'slack discord hook', 'approval')}${flow('waits', 'slack hook', 'started, waiting')}${flow('joined', 'slack hook', 'missing')}
`.replace(/---\s*$/, '');
