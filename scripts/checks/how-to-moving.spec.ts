import { formatFault, parseResources } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '@stellwerk/cli';
import { expect, it } from 'vitest';
import { inRoot } from '../bootstrap/root.mjs';

it.each([['coming-from-n8n-prefect-argo.md', ['deploy']]])('what %s shows as a flow is one that works', (page, flows) => {
  const blocks = [...readFileSync(inRoot('docs/how-to', page), 'utf8').matchAll(/```yaml\n(.*?)```/gs)].map(([, text], index) => ({ path: `${page}-${index}.yaml`, text: text! }));
  const { resources, faults } = parseResources(blocks, (platform) => actionCatalog[platform]);
  expect(faults.map(formatFault)).toEqual([]);
  expect(Object.keys(resources.flows)).toEqual(flows);
});

it('what test-flows.md shows as a test passes on the quickstart', async () => {
  const [, test] = /```yaml\n(.*?)```/s.exec(readFileSync(inRoot('docs/how-to/test-flows.md'), 'utf8'))!;
  const home = mkdtempSync(join(tmpdir(), 'stellwerk-how-to-'));
  try {
    cpSync(inRoot('examples/quickstart'), home, { recursive: true, filter: (path) => !path.endsWith('.test.yaml') });
    writeFileSync(join(home, 'it.test.yaml'), test!);
    const out: string[] = [];
    const code = await runCli(['test', home], { out: (text) => out.push(text), err: (text) => out.push(text) });
    expect([code, out.at(-1)]).toEqual([0, '1 passed, 0 failed']);
  } finally {
    rmSync(home, { recursive: true });
  }
});
