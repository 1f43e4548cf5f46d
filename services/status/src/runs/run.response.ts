import { ApiExtraModels, ApiProperty, getSchemaPath } from '@nestjs/swagger';
import { OUTCOMES, RUN_STATES, STEP_STATES, type Awaited, type Outcome, type RunState, type StepState } from '@stellwerk/contracts';
import { ApprovalView } from '../approvals/approval.response.js';

const text = { type: String, nullable: true } as const;
const time = { type: String, format: 'date-time', nullable: true } as const;

export class PlatformRunView {
  @ApiProperty() id: string;
  @ApiProperty(text) url: string | null;
}

export class AttemptView {
  @ApiProperty({ description: 'From 1.' }) number: number;
  @ApiProperty({ enum: STEP_STATES }) state: StepState;
  @ApiProperty({ enum: OUTCOMES, nullable: true }) outcome: Outcome | null;
  @ApiProperty(text) reason: string | null;
  @ApiProperty() connection: string;
  @ApiProperty({ type: PlatformRunView, nullable: true }) run: PlatformRunView | null;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, description: 'What the step gives to later ones.', example: { deployment: 42 } }) outputs: Record<string, unknown> | null;
  @ApiProperty(time) startedAt: string | null;
  @ApiProperty(time) finishedAt: string | null;
}

export class RollbackView {
  @ApiProperty({ enum: STEP_STATES }) state: StepState;
  @ApiProperty(text) reason: string | null;
  @ApiProperty({ type: [AttemptView] }) attempts: AttemptView[];
}

export class AwaitedView {
  @ApiProperty({ enum: ['approval', 'time', 'event', 'freeze'] }) kind: Awaited['kind'];
  @ApiProperty({ ...time, description: 'When that is over at the latest.' }) until: string | null;
}

export class StepView {
  @ApiProperty() name: string;
  @ApiProperty({ enum: STEP_STATES }) state: StepState;
  @ApiProperty({ enum: OUTCOMES, nullable: true }) outcome: Outcome | null;
  @ApiProperty(text) reason: string | null;
  @ApiProperty({ ...text, description: '<connection>/<action>; null for a step that only waits.' }) uses: string | null;
  @ApiProperty({ type: [String] }) needs: string[];
  @ApiProperty(text) environment: string | null;
  @ApiProperty({ type: AwaitedView, nullable: true, description: 'What it waits for.' }) awaits: AwaitedView | null;
  @ApiProperty({ type: ApprovalView, nullable: true, description: 'The last approval that it asked for.' }) approval: ApprovalView | null;
  @ApiProperty({ type: [AttemptView] }) attempts: AttemptView[];
  @ApiProperty({ type: RollbackView, nullable: true }) rollback: RollbackView | null;
  @ApiProperty(time) startedAt: string | null;
  @ApiProperty(time) finishedAt: string | null;
}

export class RunEventView {
  @ApiProperty() id: string;
  @ApiProperty({ example: 'pipelinerun.finished' }) type: string;
  @ApiProperty({ ...text, description: 'Null for an event of our own, such as schedule.fired, and when a person started the run.' }) connection: string | null;
  @ApiProperty(text) repository: string | null;
  @ApiProperty(text) branch: string | null;
  @ApiProperty(text) sha: string | null;
  @ApiProperty(text) url: string | null;
  @ApiProperty(text) tag: string | null;
  @ApiProperty(text) title: string | null;
  @ApiProperty(text) actor: string | null;
}

export class JoinedEventView {
  @ApiProperty() id: string;
  @ApiProperty({ example: 'pipelinerun.finished' }) type: string;
}

@ApiExtraModels(JoinedEventView)
export class RunView {
  @ApiProperty() id: string;
  @ApiProperty() flow: string;
  @ApiProperty() revision: string;
  @ApiProperty({ enum: RUN_STATES }) state: RunState;
  @ApiProperty(text) reason: string | null;
  @ApiProperty() event: RunEventView;
  @ApiProperty({ type: 'object', additionalProperties: { $ref: getSchemaPath(JoinedEventView) }, nullable: true, description: 'Of a join: each of its events, by the name of its part.' })
  events: Record<string, JoinedEventView> | null;
  @ApiProperty({ type: [StepView] }) steps: StepView[];
  @ApiProperty({ type: Object, nullable: true, description: 'What it was started with; null when the flow declares none.' })
  inputs: Record<string, string | number | boolean> | null;
  @ApiProperty({ description: 'Counts manual retries, from 1.' }) attempt: number;
  @ApiProperty({ description: 'Only grows.' }) version: number;
  @ApiProperty({ type: String, format: 'date-time' }) createdAt: string;
  @ApiProperty(time) startedAt: string | null;
  @ApiProperty(time) finishedAt: string | null;
  @ApiProperty({ ...text, description: 'W3C trace id.' }) trace: string | null;
}

export class RunList {
  @ApiProperty({ type: [RunView] }) items: RunView[];
  @ApiProperty({ ...text, description: 'Cursor of the next page; null at the end.' }) next: string | null;
}
