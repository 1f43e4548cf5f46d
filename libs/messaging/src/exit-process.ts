import { Logger } from '@nestjs/common';

/** Says why and ends the process with 1; whoever supervises it starts a clean one. */
export function exitProcess(reason: string): never {
  new Logger('messaging').fatal({ reason }, 'messaging.gave-up');
  process.exit(1);
}
