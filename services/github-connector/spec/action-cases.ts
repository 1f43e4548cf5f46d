import { randomBytes } from 'node:crypto';
import { TOKEN, type ActionCase, type Platform } from '@stellwerk/connector-kit/conformance';

const sha = (): string => randomBytes(20).toString('hex');

/** What the platform's own API shows. */
const list = async <T>({ url }: Platform, path: string): Promise<T[]> => {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
  return (await response.json()) as T[];
};

const setStatus: ActionCase = {
  action: 'set-status',
  method: 'POST',
  path: '*/statuses/*',
  async prepare(platform) {
    const values = { repository: 'acme/shop', sha: sha(), state: 'success', context: 'stellwerk/f' };
    // Setting the same one twice does no harm: what counts is the last of a context.
    const contexts = async () => new Set((await list<{ context: string }>(platform, `/repos/acme/shop/commits/${values.sha}/statuses`)).map(({ context }) => context));
    return { with: values, effects: async () => (await contexts()).size };
  },
  refused: { with: { repository: 'acme/shop', sha: 'main', state: 'success' }, words: /No commit found/ },
  missing: { repository: 'acme/nothing', sha: sha(), state: 'success' },
};

/** Actions of GitHub that start no run. */
export const actionCases: readonly ActionCase[] = [setStatus];
