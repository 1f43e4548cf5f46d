import { faultsOfPattern, isCode, type Check } from './check.ts';

const HOMES = [/^libs\/(messaging|testing)\//];
const NATS = /from '(@nats-io\/[^']+|nats)'|\bClientNats\b/;

/** Rule 15: only libs/messaging knows JetStream and asks by NATS; answering a request (@MessagePattern) is Nest's. */
export const natsInMessaging: Check = {
  name: 'NATS only in libs/messaging',
  run: (files) => files
    .filter(({ path }) => isCode(path) && !HOMES.some((home) => home.test(path)))
    .flatMap((file) => faultsOfPattern(file, NATS, 'NATS is known to libs/messaging only')),
};
