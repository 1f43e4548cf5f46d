import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const text = { type: String, nullable: true } as const;
const time = { type: String, format: 'date-time', nullable: true } as const;

export class ConnectionHealthView {
  @ApiProperty({ ...text, description: 'ok, degraded (a breaker is not closed), limited (rate limit), paused (credentials refused); null = its connector has said nothing.' })
  state: string | null;
  @ApiProperty({ ...time, description: 'When the last hook of it was taken.' }) lastHookAt: string | null;
  @ApiProperty({ ...time, description: 'When the last event of it was written down, polled ones too.' }) lastEventAt: string | null;
  @ApiProperty({ ...text, description: 'Circuit breaker of its calls: the worse of the one for triggers and the one for reads.' })
  breaker: string | null;
  @ApiProperty({ description: 'True: no calls are made until a person or a new secret sets it right.' }) paused: boolean;
  @ApiProperty({ ...text, description: 'Why it is paused.' }) reason: string | null;
  @ApiProperty({ ...time, description: 'No call before then.' }) notBefore: string | null;
  @ApiProperty({ type: [String], description: 'What a person should know.' }) notes: string[];
}

export class ConnectionLimitsView {
  @ApiProperty() concurrency: number;
  @ApiProperty() timeoutMs: number;
}

export class FindingView {
  @ApiProperty({ description: 'What it is about: a repository, credentials, calls, …' }) about: string;
  @ApiProperty({ enum: ['ok', 'warning', 'fault', 'unknown'] }) level: string;
  @ApiProperty() text: string;
  @ApiPropertyOptional({ description: 'What to do about it.' }) remedy?: string;
}

export class ConnectionCheckView {
  @ApiProperty({ ...time, description: 'When its connector last looked at the platform for a person; null = never.' }) at: string | null;
  @ApiProperty({ enum: ['ok', 'warning', 'fault', 'unknown'], description: 'The worst of the findings.' }) state: string;
  @ApiProperty({ type: [FindingView] }) findings: FindingView[];
}

export class ConnectionView {
  @ApiProperty() name: string;
  @ApiProperty() platform: string;
  @ApiProperty({ ...text, description: 'Null where the configuration gives none: it only sends to us, or each step names where to.' }) url: string | null;
  @ApiProperty({ ...text, description: 'Where its webhooks go; null when it has no secret and so takes none.' }) hookPath: string | null;
  @ApiProperty() health: ConnectionHealthView;
  @ApiProperty() limits: ConnectionLimitsView;
  @ApiProperty({ description: 'How it is, in words: what is known here, and what its connector found when it was last asked.' }) check: ConnectionCheckView;
}

export class ConnectionList {
  @ApiProperty({ type: [ConnectionView] }) items: ConnectionView[];
  @ApiProperty({ ...text, description: 'Always null: the list is whole.' }) next: string | null;
}
