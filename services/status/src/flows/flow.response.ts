import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Flow } from '@stellwerk/flows';

const text = { type: String, nullable: true } as const;

export class FlowStepView {
  @ApiProperty() name: string;
  @ApiProperty({ description: '<connection>/<action>' }) uses: string;
  @ApiProperty({ type: [String] }) needs: string[];
  @ApiProperty(text) environment: string | null;
  @ApiProperty({ description: 'Whether it has a rollback.' }) rollback: boolean;
}

export class FlowView {
  @ApiProperty() name: string;
  @ApiProperty(text) description: string | null;
  @ApiProperty({ type: Object }) labels: Record<string, string>;
  @ApiProperty({ description: 'Hash of its content.' }) revision: string;
  @ApiProperty({ description: 'How many triggers it has.' }) triggers: number;
  @ApiProperty({ type: [FlowStepView] }) steps: FlowStepView[];
  @ApiPropertyOptional({ type: Object, description: 'With `content=true`: the flow as it runs. Secrets are in it by reference only.' }) content?: Flow;
}

export class ConfigView {
  @ApiProperty({ description: 'Revision of the set in force.' }) revision: string;
  @ApiProperty({ type: [String], description: 'Why the last change was refused; empty when the newest files are in force.' }) faults: string[];
}

export class FlowList {
  @ApiProperty({ type: [FlowView] }) items: FlowView[];
  @ApiProperty({ ...text, description: 'Always null: the list is whole.' }) next: string | null;
  @ApiProperty() config: ConfigView;
}
