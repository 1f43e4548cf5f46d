import { Controller } from '@nestjs/common';
import { MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { ConnectionRequests } from '@stellwerk/connector-kit';
import { connectorRequest, type ConnectionCheck, type SetUpReply } from '@stellwerk/contracts';

/** What people ask about connections of this platform, which status passes on. */
@Controller()
export class ConnectionsController {
  constructor(private readonly requests: ConnectionRequests) {}

  @MessagePattern(connectorRequest('github-connector', 'check'), Transport.NATS)
  async check(@Payload() data: unknown): Promise<ConnectionCheck | null> {
    return this.requests.check(data);
  }

  @MessagePattern(connectorRequest('github-connector', 'set-up'), Transport.NATS)
  async setUp(@Payload() data: unknown): Promise<SetUpReply | null> {
    return this.requests.setUp(data);
  }
}
