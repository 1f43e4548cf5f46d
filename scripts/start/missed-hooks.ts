import type { Connection } from '@stellwerk/flows';

type Known = Pick<Connection, 'name' | 'platform' | 'auth' | 'webhook'>;

/**
 * What to tell a person of webhooks that stay lost, one line; undefined where nothing is to be told. GitHub sends a webhook once
 * (https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries); Stellwerk asks for it again, when it knows under which address it is reached.
 */
export const missedHooksLine = (connections: readonly Known[], publicHooksUrl: string | undefined): string | undefined => {
  if (publicHooksUrl) return undefined;
  const names = connections.filter((one) => one.platform === 'github' && one.auth !== undefined && takesHooks(one)).map(({ name }) => name);
  if (names.length === 0) return undefined;
  return `webhooks of ${names.join(', ')} that come while ingress is away are not asked for again: set PUBLIC_HOOKS_URL to where GitHub reaches ingress, such as https://ci.example.com/hooks`;
};

const takesHooks = ({ webhook }: Known): boolean => (webhook?.secrets.length ?? 0) + (webhook?.tokens.length ?? 0) > 0;

/** The same of a config directory. What reads it is loaded only where it is asked: this process lives as long as the services. */
export const missedHooksIn = async (configDir: string, publicHooksUrl: string | undefined): Promise<string | undefined> => {
  if (publicHooksUrl) return undefined;
  const { loadDirectory } = await import('@stellwerk/config');
  return missedHooksLine(Object.values((await loadDirectory(configDir)).resources.connections), publicHooksUrl);
};
