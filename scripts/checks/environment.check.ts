import { faultsOfPattern, isCode, type Check } from './check.ts';

const HOMES = [/\.config\.ts$/, /^libs\/(simulators|testing)\//];

/** Rule 15: one file a package says what it reads from the environment. */
export const environment: Check = {
  name: 'process.env only in *.config.ts',
  run: (files) => files
    .filter(({ path }) => isCode(path) && !HOMES.some((home) => home.test(path)))
    .flatMap((file) => faultsOfPattern(file, /\bprocess\.env\b/, 'process.env is read in *.config.ts only')),
};
