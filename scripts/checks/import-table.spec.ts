import { tempDir, type TempDir } from '@stellwerk/testing';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inRoot } from '../bootstrap/root.mjs';

const PACKAGES = ['libs/contracts', 'libs/messaging', 'libs/connector-kit', 'libs/testing', 'libs/flows', 'libs/database', 'services/router', 'services/status'];

/** One seeded violation a rule: file → the line in it. */
const SEEDS: Record<string, [file: string, line: string]> = {
  'contracts-imports': ['libs/contracts/src/seed.ts', "import '@stellwerk/messaging';"],
  'flows-imports': ['libs/flows/src/seed.ts', "import type { Index } from '@stellwerk/messaging';"],
  'no-service-to-service': ['services/status/src/seed.ts', "import '../../router/src/index.js';"],
  'packages-by-their-name': ['services/status/src/deep.ts', "import '../../../libs/flows/src/index.js';"],
  'connector-kit-in-connectors-only': ['services/router/src/seed.ts', "import '@stellwerk/connector-kit';"],
  'testing-in-specs-only': ['services/router/src/helper.ts', "import '@stellwerk/testing';"],
  'no-circle': ['libs/messaging/src/index.ts', "import './seed.js'; export type Index = string;"],
  'pure-libs': ['libs/flows/src/reads.ts', "import 'node:fs';"],
  'nats-in-messaging': ['services/router/src/broker.ts', "import '@nats-io/jetstream';"],
  'database-in-database': ['services/router/src/driver.ts', "import 'pg';"],
  'undici-in-http': ['services/router/src/caller.ts', "import 'undici';"],
  'zod-in-flows': ['services/router/src/shape.ts', "import 'zod';"],
  'opossum-in-connector-kit': ['services/router/src/breaker.ts', "import 'opossum';"],
  'nodemailer-in-smtp-client': ['services/router/src/mailer.ts', "import 'nodemailer';"],
  'edges-do-not-look-inwards': ['services/router/src/runs.repository.ts', "import './router.module.js';"],
  'cli-imports': ['cli/src/seed.ts', "import '@stellwerk/database';"],
  'service-imports': ['services/status/src/plays.ts', "import '@stellwerk/testing';"],
};

let project: TempDir;

const put = (file: string, text: string): void => {
  const path = join(project.path, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${text}\n`);
};

const link = (target: string, name: string): void => {
  const path = join(project.path, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
};

const cruise = (): { name: string; from: string }[] => {
  const { stdout } = spawnSync(process.execPath, [
    inRoot('node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs'), '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'libs', 'services', 'cli',
  ], { cwd: project.path, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  return summary.violations.map(({ from, rule }) => ({ name: rule.name, from }));
};

beforeAll(async () => {
  project = await tempDir('imports');
  copyFileSync(inRoot('.dependency-cruiser.cjs'), join(project.path, '.dependency-cruiser.cjs'));
  for (const folder of PACKAGES) {
    put(`${folder}/package.json`, JSON.stringify({
      name: `@stellwerk/${folder.split('/')[1]}`, type: 'module', exports: { '.': { '@stellwerk/source': './src/index.ts', default: './dist/index.js' } },
    }));
    put(`${folder}/src/index.ts`, 'export type Index = string;');
    link(join(project.path, folder), `@stellwerk/${folder.split('/')[1]}`);
  }
  put('services/router/src/router.module.ts', 'export const module = 1;');
  put('libs/messaging/src/seed.ts', "import './index.js';");
  for (const name of ['@nats-io/jetstream', 'pg', 'undici', 'zod', 'opossum', 'nodemailer']) link(inRoot('node_modules', name), name);
  for (const [file, line] of Object.values(SEEDS)) put(file, line);
});

afterAll(() => project.remove());

describe('the import table', () => {
  it('each rule finds its seeded violation', () => {
    const found = cruise();
    for (const [rule, [file]] of Object.entries(SEEDS)) expect(found, rule).toContainEqual({ name: rule, from: file });
  });
});
