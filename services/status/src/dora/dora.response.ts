import { ApiProperty } from '@nestjs/swagger';

const seconds = (description: string) => ({ type: Number, nullable: true, description: `Seconds: ${description}; null: there was none.` }) as const;

export class DeploymentFrequencyView {
  @ApiProperty({ type: Number, nullable: true, description: '`deployments` by the days of the period; null when nothing ended in it.' }) perDay: number | null;
  @ApiProperty({ description: 'That succeeded at their platform, those that were rolled back later included.' }) deployments: number;
}

export class LeadTimeView {
  @ApiProperty(seconds('half of the changes took no longer')) medianSeconds: number | null;
  @ApiProperty(seconds('nine of ten took no longer')) p90Seconds: number | null;
  @ApiProperty({ description: 'Of so many: deployments that brought a commit for the first time, were not rolled back, and of whose commit a time is known.' }) deployments: number;
}

export class ChangeFailureRateView {
  @ApiProperty({ type: Number, nullable: true, description: '`failed` of `deployments`, 0 to 1; null when there was none.' }) ratio: number | null;
  @ApiProperty({ description: 'That failed at their platform, or whose rollback was begun.' }) failed: number;
  @ApiProperty({ description: 'That succeeded or failed.' }) deployments: number;
}

export class RecoveryTimeView {
  @ApiProperty(seconds('half of the failures took no longer')) medianSeconds: number | null;
  @ApiProperty(seconds('nine of ten took no longer')) p90Seconds: number | null;
  @ApiProperty({ description: 'So many failed deployments are recovered: rolled back, or followed by a good one.' }) recovered: number;
  @ApiProperty({ description: 'So many are not, until now.' }) open: number;
}

export class ReworkRateView {
  @ApiProperty({ type: Number, nullable: true, description: '`rework` of `deployments`, 0 to 1, at least; null when there was none.' }) ratio: number | null;
  @ApiProperty({ description: 'Rollbacks that succeeded, and deployments of runs that a person had retried.' }) rework: number;
  @ApiProperty({ description: 'That succeeded or failed, and the rollbacks.' }) deployments: number;
}

export class DoraView {
  @ApiProperty() environment: string;
  @ApiProperty() deploymentFrequency: DeploymentFrequencyView;
  @ApiProperty() leadTime: LeadTimeView;
  @ApiProperty() changeFailureRate: ChangeFailureRateView;
  @ApiProperty() recoveryTime: RecoveryTimeView;
  @ApiProperty() reworkRate: ReworkRateView;
}

export class DoraList {
  @ApiProperty({ type: String, format: 'date-time' }) since: string;
  @ApiProperty({ type: String, format: 'date-time' }) until: string;
  @ApiProperty({ type: [DoraView], description: 'By name: the environments that are configured, and those where anything ended.' }) items: DoraView[];
  @ApiProperty({ type: String, nullable: true, description: 'Always null: the list is whole.' }) next: string | null;
}
