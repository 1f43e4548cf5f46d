import { Logger, type Provider } from '@nestjs/common';
import { ConfigFault } from '@stellwerk/service-kit';
import { StatusConfig } from '../status.config.js';
import { Access, openDoorFault } from './access.js';
import { Tokens } from './tokens.js';

const log = new Logger('Access');

const openAccess = (host: string): Access => {
  const fault = openDoorFault(host);
  if (fault) throw new ConfigFault([fault]);
  log.warn({ detail: 'STELLWERK_TOKENS_FILE is not set: the door is open to everyone on this machine, who all are `local` with every right' }, 'access.open');
  return new Access(undefined);
};

const onFault = (reason: string): void => log.error({ detail: 'the last good list stays in force', reason }, 'tokens.refused');

/** @throws ConfigFault when the door would be open to others than this machine */
export const accessProvider: Provider = {
  provide: Access,
  inject: [StatusConfig],
  useFactory: ({ tokensFile, host }: StatusConfig) => (tokensFile ? new Access(new Tokens(tokensFile, onFault)) : openAccess(host)),
};
