import { formatFault, parseResources } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inRoot } from '../bootstrap/root.mjs';

it.each([['coming-from-n8n-prefect-argo.md', ['deploy']]])('what %s shows as a flow is one that works', (page, flows) => {
  const blocks = [...readFileSync(inRoot('docs/how-to', page), 'utf8').matchAll(/```yaml\n(.*?)```/gs)].map(([, text], index) => ({ path: `${page}-${index}.yaml`, text: text! }));
  const { resources, faults } = parseResources(blocks, (platform) => actionCatalog[platform]);
  expect(faults.map(formatFault)).toEqual([]);
  expect(Object.keys(resources.flows)).toEqual(flows);
});
