import { readFileSync, writeFileSync } from 'node:fs';
import { jsonSchemas, resourceSchema, testSchema } from '@stellwerk/flows';
import { actionCatalog } from '@stellwerk/platforms';
import { inRoot } from '../bootstrap/root.mjs';
import { flowLanguage } from './flow-language.ts';

const write = (path: string, text: string): void => {
  writeFileSync(inRoot(path), text);
  console.log(path);
};

write('docs/reference/flow-language.md', flowLanguage(readFileSync(inRoot('scripts/reference/example.yaml'), 'utf8')));
for (const [name, schema] of [...Object.entries(jsonSchemas((platform) => actionCatalog[platform])), ['test', testSchema()] as const, ['resource', resourceSchema()] as const]) {
  write(`docs/reference/schemas/${name.toLowerCase()}.json`, `${JSON.stringify(schema, null, 2)}\n`);
}
