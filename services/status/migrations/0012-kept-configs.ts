import { KeepConfigs } from '@stellwerk/database';

export class KeptConfigs1764000000012 extends KeepConfigs {
  readonly name = 'KeptConfigs1764000000012';
}
