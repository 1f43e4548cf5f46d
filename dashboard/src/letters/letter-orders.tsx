/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { purgeLetter, replayLetter, type DeadLetter, type LetterAnswer } from '../api/letters.client.js';
import { textOf } from '../ui/text-of.js';

/** Sends an open letter once more, or gives it up for a reason. */
export const LetterOrders = ({ letter, onChange }: { letter: DeadLetter; onChange(letter: DeadLetter): void }): JSX.Element => {
  const [answer, setAnswer] = useState<string>();
  const [reason, setReason] = useState<string>();
  const give = async (order: Promise<LetterAnswer>): Promise<void> => {
    setAnswer('…');
    await order.then(({ detail, letter: now }) => { setAnswer(detail); onChange(now); }, (error: unknown) => setAnswer(textOf(error)));
  };
  const purge = (event: Event): void => {
    event.preventDefault();
    setReason(undefined);
    void give(purgeLetter(letter.id, reason ?? ''));
  };
  return (
    <div class="letter-orders">
      {letter.state === 'open' && reason === undefined && <>
        <button type="button" onClick={() => void give(replayLetter(letter.id))}>Replay</button>
        <button type="button" class="danger" onClick={() => setReason('')}>Purge …</button>
      </>}
      {reason !== undefined && <form onSubmit={purge}>
        <label>Why may it go? <input required maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} /></label>
        <button type="submit" class="danger">Purge</button>
        <button type="button" onClick={() => setReason(undefined)}>Keep it</button>
      </form>}
      {answer && <span role="status">{answer}</span>}
    </div>
  );
};
