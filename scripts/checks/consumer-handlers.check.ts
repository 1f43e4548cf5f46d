import { CONSUMERS, type ConsumerSpec } from '@stellwerk/contracts';
import { withoutComments, type Check, type Fault, type SourceFile } from './check.ts';

const inConsumerFile = (files: readonly SourceFile[], { name, service }: ConsumerSpec): boolean =>
  files.some(({ path, text }) => path.startsWith(`services/${service}/src/`) && path.endsWith('.consumer.ts') && withoutComments(text).includes(`'${name}'`));

/** Rule 9, seen from the files: each consumer of the contracts has a `*.consumer.ts` in its service that names it. */
export const consumerHandlersOf = (consumers: readonly ConsumerSpec[]): Check => ({
  name: 'every consumer has a handler file',
  run: (files) => consumers.filter((consumer) => !inConsumerFile(files, consumer)).map(({ name, service }): Fault => ({
    path: `services/${service}/src`, line: 1, message: `no *.consumer.ts names the consumer '${name}'`,
  })),
});

export const consumerHandlers = consumerHandlersOf(CONSUMERS);
