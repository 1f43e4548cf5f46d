import { ConfirmConfigs } from '@stellwerk/database';

export class ConfirmedConfigs1764000000007 extends ConfirmConfigs {
  readonly name = 'ConfirmedConfigs1764000000007';
}
