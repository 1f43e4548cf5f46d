import { formatFault, parseResources } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../bootstrap/root.mjs';

const page = readFileSync(inRoot('docs/how-to/connect-github.md'), 'utf8');
const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text!);
const resources = blocks.filter((text) => text.includes('kind:'));
const app = blocks.find((text) => text.includes('app:'))!;
const faultsOf = (texts: string[]) => parseResources(texts.map((text, index) => ({ path: `block-${index}.yaml`, text })), (platform) => actionCatalog[platform]);

describe('how GitHub is connected, as its page shows it', () => {
  it('works with a token', () => {
    const { faults, resources: found } = faultsOf(resources);
    expect(faults.map(formatFault)).toEqual([]);
    expect(found.flows['deploy']!.steps.map(({ await: awaited, awaitPipeline }) => [awaited, awaitPipeline])).toEqual([[true, undefined], [true, 'smoke.yml']]);
  });

  it('works with an App', () => {
    const { faults, secrets } = faultsOf(resources.map((text) => text.replace(/^ {2}auth: .*\n/m, app)));
    expect(faults.map(formatFault)).toEqual([]);
    expect(secrets.map(({ use }) => use)).toEqual(['webhook', 'auth']);
  });

  it('names every action of GitHub with its permission', () => {
    for (const { name } of actionCatalog.github) expect(page).toContain(`\`${name}\``);
  });
});
