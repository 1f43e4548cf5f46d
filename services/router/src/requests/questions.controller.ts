import { Controller } from '@nestjs/common';
import { MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { ExplainEvent, ROUTER_REQUESTS, type ExplainReply } from '@stellwerk/contracts';
import { validated } from '@stellwerk/service-kit';
import { ExplainFlows } from './explain-flows.js';

/** Questions of people, which status passes on; nothing is changed by them. */
@Controller()
export class QuestionsController {
  constructor(private readonly explain: ExplainFlows) {}

  @MessagePattern(ROUTER_REQUESTS.explain, Transport.NATS)
  explainEvent(@Payload() data: unknown): ExplainReply {
    return this.explain.run(validated(ExplainEvent, data));
  }
}
