import { ApiProperty } from '@nestjs/swagger';

const text = { type: String, nullable: true } as const;

export class FlowStepView {
  @ApiProperty() name: string;
  @ApiProperty({ ...text, description: '<connection>/<action>; null for a step that only waits.' }) uses: string | null;
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
