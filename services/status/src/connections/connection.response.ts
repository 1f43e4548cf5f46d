import { ApiProperty } from '@nestjs/swagger';

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

export class ConnectionView {
  @ApiProperty() name: string;
  @ApiProperty() platform: string;
  @ApiProperty() url: string;
  @ApiProperty({ ...text, description: 'Where its webhooks go; null when it has no secret and so takes none.' }) hookPath: string | null;
  @ApiProperty() health: ConnectionHealthView;
  @ApiProperty() limits: ConnectionLimitsView;
}

export class ConnectionList {
  @ApiProperty({ type: [ConnectionView] }) items: ConnectionView[];
  @ApiProperty({ ...text, description: 'Always null: the list is whole.' }) next: string | null;
}
