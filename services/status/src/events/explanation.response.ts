import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ConditionExplanation, FlowExplanation, TriggerExplanation, ValueRead } from '@stellwerk/contracts';
import { EventView } from './event.response.js';

export class ValueReadView implements ValueRead {
  @ApiProperty({ example: 'event.actor' }) expression: string;
  @ApiPropertyOptional({ description: 'JSON, long ones cut; absent: there was no value.' }) value?: string;
  @ApiPropertyOptional() error?: string;
}

export class ConditionView implements ConditionExplanation {
  @ApiPropertyOptional({ description: 'Of a join: the part whose condition it is.' }) part?: string;
  @ApiProperty({ example: 'branches' }) condition: string;
  @ApiProperty({ type: [String], description: 'What the trigger says: patterns, or the expression.' }) expected: string[];
  @ApiProperty() holds: boolean;
  @ApiPropertyOptional({ description: 'Why it does not hold.' }) message?: string;
  @ApiProperty({ type: [ValueReadView] }) saw: ValueReadView[];
}

export class TriggerExplanationView implements TriggerExplanation {
  @ApiProperty({ description: 'Its place in the file, from 0.' }) trigger: number;
  @ApiProperty({ description: 'Whether the event starts the flow by itself.' }) takes: boolean;
  @ApiProperty({ type: [ConditionView] }) conditions: ConditionView[];
}

export class StartedRunView {
  @ApiProperty() id: string;
  @ApiProperty({ type: String, nullable: true, description: 'null: there is no such run.' }) state: string | null;
}

export class FlowExplanationView implements Omit<FlowExplanation, 'run'> {
  @ApiProperty() flow: string;
  @ApiProperty() revision: string;
  @ApiPropertyOptional({ description: 'The first trigger that takes the event; absent when none does.' }) matched?: number;
  @ApiPropertyOptional({ type: StartedRunView, description: 'The run that this starts, or has started.' }) run?: StartedRunView;
  @ApiProperty({ type: [TriggerExplanationView] }) triggers: TriggerExplanationView[];
  @ApiPropertyOptional({ description: 'So many further triggers were left out.' }) more?: number;
}

export class ExplanationView {
  @ApiProperty({ type: EventView }) event: EventView;
  @ApiProperty({ description: 'Revision of the set in force at the router.' }) revision: string;
  @ApiProperty({ type: [FlowExplanationView], description: 'By name.' }) items: FlowExplanationView[];
  @ApiProperty({ type: String, nullable: true, description: 'Always null: the list is whole.' }) next: string | null;
}
