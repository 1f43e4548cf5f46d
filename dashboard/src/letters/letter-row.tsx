/** @jsxImportSource preact */
import type { JSX } from 'preact';
import type { DeadLetter } from '../api/letters.client.js';
import { formatAge } from '../ui/format.js';
import { LetterOrders } from './letter-orders.js';

const doneWith = ({ replay, purge, note }: DeadLetter): string[] => [
  ...(replay ? [`Replayed by ${replay.by} as order ${replay.number}${replay.sentAt === null ? '; not sent yet' : ''}.`] : []),
  ...(purge ? [`Purged by ${purge.by}: ${purge.reason}`] : []),
  ...(note === null ? [] : [`Could not be sent: ${note}`]),
];

export const LetterRow = ({ letter, now, onChange }: { letter: DeadLetter; now: number; onChange(letter: DeadLetter): void }): JSX.Element => (
  <li class="letter" data-letter={letter.id} data-state={letter.state}>
    <details>
      <summary>
        <span class="reason">{letter.reason}</span>
        <span class="dim">{letter.consumer} · {letter.deliveries === 1 ? '1 delivery' : `${letter.deliveries} deliveries`}</span>
        <time class="dim" dateTime={letter.at} title={new Date(letter.at).toLocaleString()}>{formatAge(letter.at, now)}</time>
      </summary>
      <dl>
        <dt>Message</dt><dd><code>{letter.messageId}</code></dd>
        <dt>Subject</dt><dd><code>{letter.subject}</code> of {letter.stream}</dd>
        <dt>Letter</dt><dd><code>{letter.id}</code></dd>
      </dl>
      {letter.preview !== null && <pre class="letter-body" tabIndex={0} aria-label="Beginning of its body">{letter.preview}</pre>}
    </details>
    {doneWith(letter).map((text) => <p key={text} class="dim">{text}</p>)}
    <LetterOrders letter={letter} onChange={onChange} />
  </li>
);
