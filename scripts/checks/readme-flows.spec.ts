import { parseResources } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inRoot } from '../bootstrap/root.mjs';

it('what the README shows as a first flow is one that works', () => {
  const blocks = [...readFileSync(inRoot('README.md'), 'utf8').matchAll(/```yaml\n(.*?)```/gs)].map(([, text], index) => ({ path: `README-${index}.yaml`, text: text! }));
  const { resources, faults } = parseResources(blocks, (platform) => actionCatalog[platform]);
  expect(faults).toEqual([]);
  expect(Object.keys(resources.connections)).toEqual(['github', 'gitlab']);
  expect(Object.keys(resources.flows)).toEqual(['scan']);
});
