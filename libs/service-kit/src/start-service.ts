import type { Type } from '@nestjs/common';
import type { ServiceName } from '@stellwerk/contracts';

/** Runs one service until it is told to stop. */
export async function startService(_name: ServiceName, _module: Type): Promise<void> {
  throw new Error('not yet');
}
