import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { CountReporter } from './scripts/test/count-reporter.ts';

const SOURCES = '{libs,services,cli,dashboard,scripts,examples,bench}';
const ALONE = ['e2e/{start,bench}.e2e.spec.ts', 'e2e/faults/*.e2e.spec.ts'];
const SERVERS = './libs/testing/src/global-setup.ts';

const project = (name: string, include: string[], test: TestProjectInlineConfiguration['test'] = {}): TestProjectInlineConfiguration => ({
  extends: true,
  test: { name, include, exclude: ['**/node_modules/**', '**/dist/**', '.stellwerk/**'], ...test },
});

export default defineConfig({
  // Nest reads the types of constructor parameters; esbuild's successor emits them only when told.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  // Specs run against the sources of every lib: no build in between, and faults point into them.
  resolve: { conditions: ['@stellwerk/source'] },
  ssr: { resolve: { conditions: ['@stellwerk/source'] } },
  test: {
    // A time limit ends a test that hangs; speed is judged in bench/, and the machines of a CI are slow at times.
    pool: 'forks',
    // Integration specs mostly wait for servers and time limits: with two at once, two processors rest for two fifths of the time.
    maxWorkers: availableParallelism() + 1,
    setupFiles: ['reflect-metadata'],
    reporters: ['default', new CountReporter()],
    projects: [
      project('unit', [`${SOURCES}/**/*.spec.{ts,tsx}`], {
        testTimeout: 30_000,
        exclude: ['**/node_modules/**', '**/dist/**', '.stellwerk/**', '**/*.{int,e2e,real}.spec.ts'],
      }),
      project('int', [`${SOURCES}/**/*.int.spec.ts`], { globalSetup: SERVERS, testTimeout: 180_000, hookTimeout: 180_000 }),
      // Each starts the whole of it, and mostly waits: two at once, but those that judge how long something takes are alone.
      project('e2e', ['e2e/*.e2e.spec.ts'], {
        testTimeout: 180_000, hookTimeout: 180_000, maxWorkers: 2, sequence: { groupOrder: 1 }, exclude: ['**/node_modules/**', ...ALONE],
      }),
      project('e2e-alone', ALONE, { testTimeout: 180_000, hookTimeout: 180_000, fileParallelism: false, sequence: { groupOrder: 2 } }),
    ],
  },
});
