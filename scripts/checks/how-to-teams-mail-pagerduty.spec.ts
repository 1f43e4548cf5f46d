import { formatFault, parseResources } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inRoot } from '../bootstrap/root.mjs';

it('what the page on Teams, mail and PagerDuty shows is without a fault, and has each of them', () => {
  const page = readFileSync(inRoot('docs/how-to/notify-teams-mail-pagerduty.md'), 'utf8');
  const text = /```yaml\n(.*?)```/s.exec(page)![1]!;
  const { faults, resources } = parseResources([{ path: 'page.yaml', text }], (platform) => actionCatalog[platform]);
  expect(faults.map(formatFault)).toEqual([]);
  expect(Object.values(resources.channels).map(({ type }) => type)).toEqual(['teams', 'mail', 'pagerduty']);
  expect(resources.channels['post']!.smtp).toEqual({ host: 'mail.example.com', port: 587, tls: 'starttls', user: 'stellwerk', password: { env: 'SMTP_PASSWORD' } });
});
