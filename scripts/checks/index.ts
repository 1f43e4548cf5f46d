import type { Check } from './check.ts';
import { consumerHandlers } from './consumer-handlers.check.ts';
import { environment } from './environment.check.ts';
import { fileLength } from './file-length.check.ts';
import { natsInMessaging } from './nats-in-messaging.check.ts';
import { platformHttp } from './platform-http.check.ts';
import { platformWords } from './platform-words.check.ts';
import { readme } from './readme.check.ts';
import { sqlInRepositories } from './sql-in-repositories.check.ts';

/** Every rule about the repository, in the order they are run. */
export const CHECKS: readonly Check[] = [
  environment, sqlInRepositories, natsInMessaging, platformHttp, platformWords, readme, consumerHandlers, fileLength,
];
