const COUNTS_FILE = 'STELLWERK_TEST_COUNTS';

/** Where a vitest run writes its counts for the one who started it. */
export const countsFile = (env: NodeJS.ProcessEnv = process.env): string | undefined => env[COUNTS_FILE] || undefined;

export const withCountsFile = (file: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv => ({ ...env, [COUNTS_FILE]: file });
