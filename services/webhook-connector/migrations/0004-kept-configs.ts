import { KeepConfigs } from '@stellwerk/database';

export class KeptConfigs1796000000004 extends KeepConfigs {
  readonly name = 'KeptConfigs1796000000004';
}
