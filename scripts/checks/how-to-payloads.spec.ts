import { parseResources } from '@stellwerk/flows';
import { actionCatalog, hookPlatforms } from '@stellwerk/platforms';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../bootstrap/root.mjs';

const blocks = (name: string, language: string): string[] =>
  [...readFileSync(inRoot(`docs/how-to/${name}.md`), 'utf8').matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text!);

describe.each([
  { platform: 'gitlab', flow: 'scan', origin: 'https://gitlab.com', repository: 'acme/shop' },
  { platform: 'jenkins', flow: 'e2e', origin: 'https://ci.example.com', repository: 'shop/build' },
] as const)('what connect-$platform shows is what works', ({ platform, flow, origin, repository }) => {
  it('the connection and the flow are valid', () => {
    const files = blocks(`connect-${platform}`, 'yaml').map((text, index) => ({ path: `${index}.yaml`, text }));
    const { resources, faults } = parseResources(files, (name) => actionCatalog[name]);
    expect(faults).toEqual([]);
    expect([Object.keys(resources.connections), Object.keys(resources.flows)]).toEqual([[platform], [flow]]);
  });

  it('the payload is an event that starts the flow', () => {
    const context = { connection: platform, platform, origin, hookId: `${platform}:1`, receivedAt: new Date(), headers: {} } as const;
    const [payload] = blocks(`connect-${platform}`, 'json');
    expect(hookPlatforms[platform]!.translate(JSON.parse(payload!), context).events).toMatchObject([{ type: 'pipelinerun.finished', data: { repository, outcome: 'success', branch: 'main' } }]);
  });
});
