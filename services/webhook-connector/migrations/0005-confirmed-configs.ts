import { ConfirmConfigs } from '@stellwerk/database';

export class ConfirmedConfigs1796000000005 extends ConfirmConfigs {
  readonly name = 'ConfirmedConfigs1796000000005';
}
