import { CHANNEL_TYPES, formatFault, parseResources } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../bootstrap/root.mjs';

const GITHUB = 'kind: Connection\nmetadata: { name: github }\nspec: { platform: github, url: "https://api.github.com", auth: { token: { env: T } } }\n';
const page = readFileSync(inRoot('docs/how-to/notify.md'), 'utf8');
const resources = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text!).filter((text) => text.includes('kind:'));

describe('how people are told, as its page shows it', () => {
  it('is taken by lint', () => {
    const { faults, resources: found } = parseResources([GITHUB, ...resources].map((text, index) => ({ path: `block-${index}.yaml`, text })), (platform) => actionCatalog[platform]);
    expect(faults.map(formatFault)).toEqual([]);
    expect(new Set(Object.values(found.channels).map(({ type }) => type))).toEqual(new Set(CHANNEL_TYPES));
    expect(found.channels['post']!.smtp).toEqual({ host: 'mail.example.com', port: 587, tls: 'starttls', user: 'stellwerk', password: { env: 'SMTP_PASSWORD' } });
    expect(found.channels['releases']).toMatchObject({ token: { env: 'SLACK_TOKEN' }, channel: '#releases', quiet: { sameMs: 600_000 } });
  });
});
