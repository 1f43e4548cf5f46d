import { IsObject, IsOptional, IsString } from 'class-validator';

/** A question: what do the flows in force make of this event? The router keeps no events, so it comes along. */
export class ExplainEvent {
  /** Id, type (short form) and fact as in the CloudEvent. */
  @IsString() id: string;
  @IsString() type: string;
  @IsString() fact: string;
  /** Of a platform event. */
  @IsObject() data: Record<string, unknown>;
  /** Name of the last flow of the page before. */
  @IsOptional() @IsString() after?: string;
}

/** A part of a condition and what it was for the event: JSON, long ones cut. */
export interface ValueRead {
  expression: string;
  /** Absent: there was no value. */
  value?: string;
  error?: string;
}

/** One condition of a trigger. */
export interface ConditionExplanation {
  /** Of a join: the part whose condition it is. */
  part?: string;
  /** `branches`, `outcome`, … or `if`; of a join also `key` and `all`, else `schedule` or `absent`: what keeps a single event from starting it. */
  condition: string;
  /** What the trigger says: patterns, or the expression. */
  expected: string[];
  holds: boolean;
  /** Why it does not hold, with what it saw. */
  message?: string;
  /** The values it saw: of the event, or of the parts of the expression. */
  saw: ValueRead[];
}

export interface TriggerExplanation {
  /** Its place in the file, from 0. */
  trigger: number;
  /** Whether the event starts the flow by itself. */
  takes: boolean;
  conditions: ConditionExplanation[];
}

/** What a flow makes of an event. */
export interface FlowExplanation {
  flow: string;
  revision: string;
  /** The trigger that starts it: the first that takes the event; absent when none does. */
  matched?: number;
  /** Id of the run that this starts, or has started. */
  run?: string;
  triggers: TriggerExplanation[];
  /** So many further triggers were left out: an answer has to fit into a message. */
  more?: number;
}

/** Flows by name, as many as fit into a message. */
export interface ExplainReply {
  /** Of the set in force. */
  revision: string;
  items: FlowExplanation[];
  /** Name to go on after; null at the end. */
  next: string | null;
}
