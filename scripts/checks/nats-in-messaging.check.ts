import { faultsOfPattern, isCode, type Check } from './check.ts';

const HOMES = [/^libs\/(messaging|testing)\//];
const NATS = /from '(@nats-io\/[^']+|nats)'|\bTransport\.NATS\b|\bClientNats\b/;

/** Rule 15: only libs/messaging knows JetStream, by Nest's transport too. */
export const natsInMessaging: Check = {
  name: 'NATS only in libs/messaging',
  run: (files) => files
    .filter(({ path }) => isCode(path) && !HOMES.some((home) => home.test(path)))
    .flatMap((file) => faultsOfPattern(file, NATS, 'NATS is known to libs/messaging only')),
};
