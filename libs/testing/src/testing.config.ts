/** Names under which the run's shared servers are handed to the workers. */
export const SHARED = { database: 'TEST_DATABASE_URL', nats: 'TEST_NATS_URL' } as const;

export const sharedUrl = (name: string, env: NodeJS.ProcessEnv = process.env): string => {
  const url = env[name];
  if (!url) throw new Error(`${name} is not set: only *.int.spec.ts and *.e2e.spec.ts have the shared servers`);
  return url;
};

export const shareUrl = (name: string, url: string, env: NodeJS.ProcessEnv = process.env): void => {
  env[name] = url;
};
