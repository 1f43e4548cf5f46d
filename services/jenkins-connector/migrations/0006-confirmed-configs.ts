import { ConfirmConfigs } from '@stellwerk/database';

export class ConfirmedConfigs1764000000006 extends ConfirmConfigs {
  readonly name = 'ConfirmedConfigs1764000000006';
}
