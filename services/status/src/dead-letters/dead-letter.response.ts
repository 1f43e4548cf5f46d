import { ApiProperty } from '@nestjs/swagger';
import { LETTER_STATES, type LetterState } from './dead-letters.query.js';

const text = { type: String, nullable: true } as const;
const time = { type: String, format: 'date-time', nullable: true } as const;

export class LetterReplayView {
  @ApiProperty({ description: 'Number of the order; the n of `<message id>:replay:<n>`.' }) number: number;
  @ApiProperty() by: string;
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty({ ...time, description: 'When its stream took it; null = not yet, it is tried until it does.' }) sentAt: string | null;
}

export class LetterPurgeView {
  @ApiProperty() by: string;
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty() reason: string;
}

export class DeadLetterView {
  @ApiProperty() id: string;
  @ApiProperty({ enum: LETTER_STATES }) state: LetterState;
  @ApiProperty({ example: 'EVENTS', description: 'The stream it came from.' }) stream: string;
  @ApiProperty({ example: 'router-events', description: 'The consumer that gave it up.' }) consumer: string;
  @ApiProperty({ description: 'Its subject in that stream.' }) subject: string;
  @ApiProperty({ description: 'Why it was given up.' }) reason: string;
  @ApiProperty({ description: 'How often it was delivered.' }) deliveries: number;
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty({ description: 'Id of the original message.' }) messageId: string;
  @ApiProperty({ type: Number, nullable: true, description: 'Its sequence in its stream.' }) sequence: number | null;
  @ApiProperty(text) contentType: string | null;
  @ApiProperty() bytes: number;
  @ApiProperty({ ...text, description: 'The beginning of its body; null for viewers, and once it was purged.' }) preview: string | null;
  @ApiProperty({ type: LetterReplayView, nullable: true }) replay: LetterReplayView | null;
  @ApiProperty({ type: LetterPurgeView, nullable: true }) purge: LetterPurgeView | null;
  @ApiProperty({ ...text, description: 'Why an order could not be carried out.' }) note: string | null;
}

export class DeadLetterList {
  @ApiProperty({ type: [DeadLetterView] }) items: DeadLetterView[];
  @ApiProperty({ ...text, description: 'Cursor of the next page.' }) next: string | null;
}

export class LetterOrderAnswer {
  @ApiProperty() detail: string;
  @ApiProperty({ description: 'True: somebody ordered the same before; nothing was done twice.' }) duplicate: boolean;
  @ApiProperty({ type: DeadLetterView }) letter: DeadLetterView;
}

export class LettersOrderAnswer {
  @ApiProperty() detail: string;
  @ApiProperty({ description: 'Letters that the order is about.' }) matched: number;
  @ApiProperty({ type: Number, nullable: true, description: 'Number of the replay, see /api/replays/:number; null for a purge, and when nothing matched.' })
  replay: number | null;
}
