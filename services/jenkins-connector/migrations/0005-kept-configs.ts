import { KeepConfigs } from '@stellwerk/database';

export class KeptConfigs1764000000005 extends KeepConfigs {
  readonly name = 'KeptConfigs1764000000005';
}
