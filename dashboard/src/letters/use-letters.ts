import { useEffect, useState } from 'preact/hooks';
import { listLetters, type DeadLetter, type LetterState } from '../api/letters.client.js';
import { textOf } from '../ui/text-of.js';

const LOOK_MS = 5_000;

export interface Letters {
  items: DeadLetter[] | undefined;
  error: string | undefined;
  /** Loads the next page; undefined at the end. */
  more: (() => void) | undefined;
  /** Shows a letter as an order has left it. */
  changed(letter: DeadLetter): void;
}

/** The letters of one state, newest first; looked at again every few seconds until more than one page is shown. */
export const useLetters = (state: LetterState): Letters => {
  const [items, setItems] = useState<DeadLetter[]>();
  const [next, setNext] = useState<string | null>(null);
  const [paged, setPaged] = useState(false);
  const [error, setError] = useState<string>();
  const load = (cursor: string | undefined, put: (found: DeadLetter[]) => void): Promise<void> =>
    listLetters(state, cursor).then((page) => { put(page.items); setNext(page.next); setError(undefined); }, (fault: unknown) => setError(textOf(fault)));
  useEffect(() => {
    setItems(undefined);
    setPaged(false);
  }, [state]);
  useEffect(() => {
    if (paged) return undefined;
    let current = true;
    const look = (): void => void load(undefined, (found) => { if (current) setItems(found); });
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => { current = false; clearInterval(timer); };
  }, [state, paged]);
  const more = (): void => {
    setPaged(true);
    void load(next ?? undefined, (found) => setItems((before = []) => [...before, ...found]));
  };
  const changed = (letter: DeadLetter): void => setItems((before) => before?.map((one) => (one.id === letter.id ? letter : one)));
  return { items, error, more: next === null ? undefined : more, changed };
};
