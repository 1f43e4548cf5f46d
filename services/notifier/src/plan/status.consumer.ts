import { Controller, Logger } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Resources } from '@stellwerk/config';
import { JoinMissing, type CloudEvent } from '@stellwerk/contracts';
import { JETSTREAM, ReceivedMessage } from '@stellwerk/messaging';
import { GroupedWork, RetryableError, togetherOrApart, validated, type TraceHeaders } from '@stellwerk/service-kit';
import { kindOf } from '../channels/index.js';
import { Courier } from '../deliveries/courier.js';
import { DeliveriesRepository } from '../deliveries/deliveries.repository.js';
import { NotifierConfig } from '../notifier.config.js';
import { planApproval } from './plan-approval.js';
import { planDeliveries, type Notify, type PlannedDelivery } from './plan-deliveries.js';
import { planMissing } from './plan-missing.js';
import { ToldApprovalChanged, ToldRunStatus } from './run-status.message.js';

interface Planned {
  deliveries: PlannedDelivery[];
  trace: TraceHeaders;
}

const GROUPS = { max: 100 };

/** `status.run.<flow>.<state>`, `status.approval.<flow>.requested` (who decided what, the run tells), `status.join.<flow>.missing`. */
const TOLD_SUBJECT = /^status\.(run|approval|join)\.([^.]+)\.([^.]+)$/;

const told = (subject: string): { kind: string; flow: string } | undefined => {
  const [, kind, flow, state] = TOLD_SUBJECT.exec(subject) ?? [];
  if (kind === undefined || flow === undefined) return undefined;
  return kind === 'approval' && state !== 'requested' ? undefined : { kind, flow };
};

/** Takes the public feed; what people shall hear is written down before anything is sent. */
@Controller()
export class StatusConsumer {
  private readonly log = new Logger(StatusConsumer.name);
  /** How many are new of each. */
  private readonly grouped = new GroupedWork(
    togetherOrApart<Planned, number>((group) => this.add(group), (error) => !(error instanceof RetryableError)), GROUPS);

  constructor(
    private readonly config: NotifierConfig,
    private readonly resources: Resources,
    private readonly deliveries: DeliveriesRepository,
    private readonly courier: Courier,
  ) {}

  @EventPattern<string>('notifier-status', JETSTREAM)
  async take(@Payload() message: ReceivedMessage): Promise<void> {
    const about = told(message.subject);
    const notify = about === undefined ? [] : (this.resources.current().flows[about.flow]?.notify ?? []);
    // Most of what is told concerns no channel: its subject says so, and nothing of it is read or kept.
    if (about === undefined || notify.length === 0) return;
    const deliveries = this.plan(about.kind, message.cloudEvent(), notify).map((one) => this.placed(one));
    if (deliveries.length === 0) return;
    const added = await this.grouped.run({ deliveries, trace: message.trace });
    const [{ run, flow, transition }] = deliveries as [PlannedDelivery];
    this.log.log({ run, flow, transition, channels: deliveries.map(({ channel }) => channel), added }, 'notice.planned');
    this.courier.pokeSoon();
  }

  private plan(kind: string, { time, data }: CloudEvent, notify: readonly Notify[]): PlannedDelivery[] {
    if (kind === 'approval') return planApproval(validated(ToldApprovalChanged, data), time, notify, this.config.publicUrl);
    if (kind === 'join') return planMissing(validated(JoinMissing, data), time, notify, this.config.publicUrl);
    return planDeliveries(validated(ToldRunStatus, data), time, notify, this.config.publicUrl);
  }

  /** With what its channel keeps one state of, which is the channel's to know. */
  private placed(delivery: PlannedDelivery): PlannedDelivery {
    const type = this.resources.current().channels[delivery.channel]?.type;
    return { ...delivery, incident: type && kindOf(type)?.incident?.(delivery.notice) };
  }

  private async add(group: readonly Planned[]): Promise<number[]> {
    const added = await this.deliveries.add(group.flatMap(({ deliveries, trace }) => deliveries.map((delivery) => ({ ...delivery, trace }))));
    return group.map(({ deliveries }) => deliveries.filter(({ id }) => added.has(id)).length);
  }
}
