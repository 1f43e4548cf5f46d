import type { Connection } from '@stellwerk/connector-kit';
import { instanceOrigin } from '@stellwerk/contracts';
import type { PollContext } from '@stellwerk/platforms';

/** What a poll of a connection makes events with. */
export const pollContext = ({ name, platform, url }: Connection): PollContext =>
  ({ connection: name, platform, origin: instanceOrigin(platform, url), receivedAt: new Date() });
