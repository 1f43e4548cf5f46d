/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import type { LetterState } from '../api/letters.client.js';
import { useNow } from '../ui/use-now.js';
import { LetterRow } from './letter-row.js';
import { useLetters } from './use-letters.js';

const STATES: readonly LetterState[] = ['open', 'replayed', 'purged'];

/** Messages that could not be handled, and what is to become of them. */
export const LettersPage = (): JSX.Element => {
  const [state, setState] = useState<LetterState>('open');
  const letters = useLetters(state);
  const now = useNow();
  useEffect(() => { document.title = 'Dead letters · Stellwerk'; }, []);
  return (
    <>
      <h1>Dead letters</h1>
      <div class="filters">
        <label><span>State</span>
          <select value={state} onChange={(event) => setState(event.currentTarget.value as LetterState)}>{STATES.map((one) => <option key={one} value={one}>{one}</option>)}</select>
        </label>
      </div>
      {letters.error && <p class="problem" role="alert">{letters.error}</p>}
      {letters.items?.length === 0 && <p class="empty">{state === 'open' ? 'Nothing is open: every message could be handled.' : `No letter is ${state}.`}</p>}
      {!!letters.items?.length && <ul class="runs" aria-label="Dead letters, newest first">
        {letters.items.map((letter) => <LetterRow key={letter.id} letter={letter} now={now} onChange={letters.changed} />)}
      </ul>}
      {letters.more && <button type="button" class="more" onClick={letters.more}>Show older ones</button>}
    </>
  );
};
