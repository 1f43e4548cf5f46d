import { Controller, Logger } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Resources } from '@stellwerk/config';
import { JETSTREAM, ReceivedMessage } from '@stellwerk/messaging';
import { InOrder, validated, type TraceHeaders } from '@stellwerk/service-kit';
import { Courier } from '../deliveries/courier.js';
import { DeliveriesRepository } from '../deliveries/deliveries.repository.js';
import { NotifierConfig } from '../notifier.config.js';
import { planDeliveries } from './plan-deliveries.js';
import { ToldRunStatus } from './run-status.message.js';

/** Takes the public feed; what people shall hear is written down before anything is sent. */
@Controller()
export class StatusConsumer {
  private readonly log = new Logger(StatusConsumer.name);
  /** What is said of one run is said in the order it happened. */
  private readonly inOrder = new InOrder();

  constructor(
    private readonly config: NotifierConfig,
    private readonly resources: Resources,
    private readonly deliveries: DeliveriesRepository,
    private readonly courier: Courier,
  ) {}

  @EventPattern<string>('notifier-status', JETSTREAM)
  async take(@Payload() message: ReceivedMessage): Promise<void> {
    if (!message.subject.startsWith('status.run.')) return;
    const event = message.cloudEvent();
    const status = validated(ToldRunStatus, event.data);
    await this.inOrder.run(status.run.id, () => this.plan(status, event.time, message.trace));
  }

  private async plan(status: ToldRunStatus, at: string, trace: TraceHeaders): Promise<void> {
    const { id, flow, state } = status.run;
    const notify = this.resources.current().flows[flow]?.notify ?? [];
    const planned = planDeliveries(status, at, notify, this.config.publicUrl);
    if (planned.length === 0) return;
    const added = await this.deliveries.add(planned, trace);
    this.log.log({ run: id, flow, state, channels: planned.map(({ channel }) => channel), added }, 'notice.planned');
    this.courier.poke();
  }
}
