import { block, fields, table } from '../api/table.js';
import type { DeadLetter } from './letters.js';

export const asTable = (letters: readonly DeadLetter[]): string[] => table([
  ['ID', 'AT', 'STATE', 'CONSUMER', 'DELIVERIES', 'REASON'],
  ...letters.map(({ id, at, state, consumer, deliveries, reason }) => [id, at, state, consumer, String(deliveries), reason]),
]);

const ordersOf = ({ replay, purge }: DeadLetter): Record<string, string | null> => ({
  replayed: replay && `${replay.at} by ${replay.by}, replay ${replay.number}, ${replay.sentAt === null ? 'not sent yet' : `sent ${replay.sentAt}`}`,
  purged: purge && `${purge.at} by ${purge.by}: ${purge.reason}`,
});

/** Everything of one letter. */
export const asDetails = (letter: DeadLetter): string[] => [
  ...fields({
    id: letter.id, state: letter.state, reason: letter.reason, at: letter.at, consumer: letter.consumer, stream: letter.stream, subject: letter.subject,
    message: letter.messageId, sequence: letter.sequence, deliveries: letter.deliveries, type: letter.contentType, bytes: letter.bytes, ...ordersOf(letter), note: letter.note,
  }),
  ...(letter.preview === null ? [] : ['body', ...block(letter.preview)]),
];
