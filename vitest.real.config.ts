import { defineConfig } from 'vitest/config';

/** Specs against real platforms; `npm run test:real` says where they are. */
export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  resolve: { conditions: ['@stellwerk/source'] },
  ssr: { resolve: { conditions: ['@stellwerk/source'] } },
  test: { include: ['services/**/*.real.spec.ts'], exclude: ['**/node_modules/**', '**/dist/**'], setupFiles: ['reflect-metadata'], testTimeout: 120_000, hookTimeout: 600_000, passWithNoTests: false },
});
