import { connectorOf, type ServiceName } from '@stellwerk/contracts';
import type { Fault, SecretUse } from '@stellwerk/flows';
import { PermanentError } from '@stellwerk/service-kit';
import type { Secrets } from './secrets.js';

/** Each service needs its own secrets only: in production it is given no others. */
const isNeededBy = (service: ServiceName, { use, platform }: SecretUse): boolean => {
  // What goes out by a webhook is signed with the connection's first secret.
  if (use === 'webhook') return service === 'ingress' || (platform === 'webhook' && service === connectorOf(platform));
  if (use === 'channel') return service === 'notifier';
  return platform !== undefined && service === connectorOf(platform);
};

/** One fault for each secret that the service needs and that is not set; all secrets when no service is named. */
export const secretFaults = (uses: readonly SecretUse[], secrets: Secrets, options: { service?: ServiceName; severity?: Fault['severity'] } = {}): Fault[] =>
  uses.filter((use) => !options.service || isNeededBy(options.service, use)).flatMap(({ ref, file, line, column }) => {
    try {
      secrets.resolve(ref);
      return [];
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      return [{ file, line, column, message: error.message, severity: options.severity ?? 'error' }];
    }
  });
