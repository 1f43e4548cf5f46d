import { Controller, Logger } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Resources } from '@stellwerk/config';
import { JoinMissing, type CloudEvent } from '@stellwerk/contracts';
import { JETSTREAM, ReceivedMessage } from '@stellwerk/messaging';
import { GroupedWork, RetryableError, togetherOrApart, validated, type TraceHeaders } from '@stellwerk/service-kit';
import { kindFor } from '../channels/index.js';
import { Courier } from '../deliveries/courier.js';
import { Intake, type News, type Wanted } from '../deliveries/intake.js';
import { NotifierConfig } from '../notifier.config.js';
import { planApproval } from './plan-approval.js';
import { goodOf, mannerOf } from './manner.js';
import { planDeliveries, planRefreshes, toRefresh, type Notify, type PlannedDelivery } from './plan-deliveries.js';
import { planMissing } from './plan-missing.js';
import { ToldApprovalChanged, ToldRunStatus } from './run-status.message.js';

const GROUPS = { max: 100 };

/** `status.run.<flow>.<state>`, `status.approval.<flow>.requested` (who decided what, the run tells), `status.join.<flow>.missing`. */
const TOLD_SUBJECT = /^status\.(run|approval|join)\.([^.]+)\.([^.]+)$/;

const told = (subject: string): { kind: string; flow: string; state?: string } | undefined => {
  const [, kind, flow, state] = TOLD_SUBJECT.exec(subject) ?? [];
  if (kind === undefined || flow === undefined) return undefined;
  return kind === 'approval' && state !== 'requested' ? undefined : { kind, flow, state };
};

/** Takes the public feed; what people shall hear is written down before anything is sent. */
@Controller()
export class StatusConsumer {
  private readonly log = new Logger(StatusConsumer.name);
  /** How many are new of each. */
  private readonly grouped = new GroupedWork(
    togetherOrApart<News, number>((group) => this.add(group), (error) => !(error instanceof RetryableError)), GROUPS);

  constructor(
    private readonly config: NotifierConfig,
    private readonly resources: Resources,
    private readonly intake: Intake,
    private readonly courier: Courier,
  ) {}

  @EventPattern<string>('notifier-status', JETSTREAM)
  async take(@Payload() message: ReceivedMessage): Promise<void> {
    const about = told(message.subject);
    const notify = about === undefined ? [] : (this.resources.current().flows[about.flow]?.notify ?? []);
    // Most of what is told concerns no channel: its subject says so, and nothing of it is read or kept.
    if (about === undefined || notify.length === 0) return;
    const event = message.cloudEvent();
    const deliveries = this.plan(about.kind, event, notify);
    const good = about.kind === 'run' && about.state === 'succeeded' ? goodOf(validated(ToldRunStatus, event.data), event.time) : undefined;
    if (deliveries.length === 0 && !good) return;
    const added = await this.grouped.run({ deliveries: deliveries.map((one) => this.wanted(one, message.trace)), good });
    if (deliveries.length === 0) return;
    const [{ run, flow, transition }] = deliveries as [PlannedDelivery];
    this.log.log({ run, flow, transition, channels: deliveries.map(({ channel }) => channel), added }, 'notice.planned');
    this.courier.pokeSoon();
  }

  private plan(kind: string, { time, data }: CloudEvent, notify: readonly Notify[]): PlannedDelivery[] {
    if (kind === 'approval') return planApproval(validated(ToldApprovalChanged, data), time, notify, this.config.publicUrl);
    if (kind === 'join') return planMissing(validated(JoinMissing, data), time, notify, this.config.publicUrl);
    const status = validated(ToldRunStatus, data);
    const told = planDeliveries(status, time, notify, this.config.publicUrl);
    const { channels } = this.resources.current();
    const shown = toRefresh(status, notify, told, (channel) => mannerOf(channels[channel])?.living ?? false);
    return [...told, ...planRefreshes(status, time, shown, this.config.publicUrl)];
  }

  /** With what is the channel's to know: how long it gathers, and of what it keeps one state. */
  private wanted(delivery: PlannedDelivery, trace: TraceHeaders): Wanted {
    const channel = this.resources.current().channels[delivery.channel];
    return {
      ...delivery, trace, digestMs: delivery.refresh ? undefined : mannerOf(channel)?.digestMs, incident: channel && kindFor(channel)?.incident?.(delivery.notice),
    };
  }

  private async add(group: readonly News[]): Promise<number[]> {
    const added = await this.intake.add(group);
    return group.map(({ deliveries }) => deliveries.filter(({ id }) => added.has(id)).length);
  }
}
