import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { INPUT_TYPES, type Flow, type InputType, type InputValue } from '@stellwerk/flows';

const text = { type: String, nullable: true } as const;

export class FlowStepView {
  @ApiProperty() name: string;
  @ApiProperty({ ...text, description: '<connection>/<action>; null for a step that only waits.' }) uses: string | null;
  @ApiProperty({ type: [String] }) needs: string[];
  @ApiProperty(text) environment: string | null;
  @ApiProperty({ description: 'Whether it has a rollback.' }) rollback: boolean;
}

export class FlowInputView {
  @ApiProperty() name: string;
  @ApiProperty({ enum: INPUT_TYPES }) type: InputType;
  @ApiProperty() required: boolean;
  @ApiProperty({ nullable: true, oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] }) default: InputValue | null;
  @ApiProperty(text) description: string | null;
}

export class FlowView {
  @ApiProperty() name: string;
  @ApiProperty(text) description: string | null;
  @ApiProperty({ type: Object }) labels: Record<string, string>;
  @ApiProperty({ description: 'Hash of its content.' }) revision: string;
  @ApiProperty({ description: 'How many triggers it has.' }) triggers: number;
  @ApiProperty({ type: [FlowInputView], description: 'What people say who start it by hand.' }) inputs: FlowInputView[];
  @ApiProperty({ type: [FlowStepView] }) steps: FlowStepView[];
  @ApiPropertyOptional({ type: Object, description: 'With `content=true`: the flow as it runs. Secrets are in it by reference only.' }) content?: Flow;
}

export class FlowRevisionView {
  @ApiProperty({ description: 'Hash of its content.' }) revision: string;
  @ApiProperty() inForce: boolean;
  @ApiProperty({ type: String, format: 'date-time' }) firstSeenAt: string;
  @ApiProperty({ type: String, format: 'date-time', description: 'Since when it is, or was last, in force.' }) inForceAt: string;
  @ApiProperty({ ...text, format: 'date-time', description: 'Until when it was; null while it is.' }) replacedAt: string | null;
  @ApiProperty({ ...text, description: 'The revision before it.' }) follows: string | null;
  @ApiProperty({ ...text, description: 'Unified diff of the content against that; null for the first one, and where hardly a line stayed.' }) diff: string | null;
  @ApiProperty({ type: Object, description: 'The flow as it ran. Secrets are in it by reference only.' }) content: Flow;
}

export class FlowRevisionList {
  @ApiProperty({ type: [FlowRevisionView] }) items: FlowRevisionView[];
  @ApiProperty({ ...text, description: 'Cursor of the next page; null at the end.' }) next: string | null;
}

export class ServiceConfigView {
  @ApiProperty({ example: 'router' }) service: string;
  @ApiProperty({ type: [String], description: 'Revisions of the set that its replicas said in the last half minute; empty: none answered.' }) revisions: string[];
  @ApiProperty({ type: Boolean, nullable: true, description: 'Whether it has the set that is in force here; null: not known.' }) agrees: boolean | null;
}

export class ConfigView {
  @ApiProperty({ description: 'Revision of the set in force.' }) revision: string;
  @ApiProperty({ type: [String], description: 'Why the last change was refused; empty when the newest files are in force.' }) faults: string[];
  @ApiProperty({ type: [ServiceConfigView], description: 'What each of the other services has in force.' }) services: ServiceConfigView[];
}

export class FlowList {
  @ApiProperty({ type: [FlowView] }) items: FlowView[];
  @ApiProperty({ ...text, description: 'Always null: the list is whole.' }) next: string | null;
  @ApiProperty() config: ConfigView;
}
