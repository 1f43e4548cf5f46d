/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { cancelRun } from '../api/client.js';

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Asks once more before it cancels: what runs at the platforms is ended, nothing is rolled back. */
export const CancelButton = ({ id }: { id: string }): JSX.Element => {
  const [asked, setAsked] = useState(false);
  const [answer, setAnswer] = useState<string>();
  const cancel = async (): Promise<void> => {
    setAsked(false);
    setAnswer('Cancelling …');
    setAnswer(await cancelRun(id).then((reply) => reply.detail, textOf));
  };
  return (
    <span class="cancel">
      {answer && <span role="status">{answer}</span>}
      {asked
        ? <>
            <span>End everything that runs?</span>
            <button type="button" class="danger" onClick={() => void cancel()}>Yes, cancel the run</button>
            <button type="button" onClick={() => setAsked(false)}>No</button>
          </>
        : <button type="button" onClick={() => setAsked(true)}>Cancel run</button>}
    </span>
  );
};
