/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { textOf } from '../ui/text-of.js';

interface OrderButtonProps {
  label: string;
  /** On the button that does it. */
  confirm: string;
  /** What a person should know before; may be asked for. */
  question: () => Promise<string>;
  order: () => Promise<{ detail: string }>;
}

/** Asks once more before it gives an order about the run. */
export const OrderButton = ({ label, confirm, question, order }: OrderButtonProps): JSX.Element => {
  const [asked, setAsked] = useState<string>();
  const [answer, setAnswer] = useState<string>();
  const ask = async (): Promise<void> => {
    setAnswer(undefined);
    await question().then(setAsked, (error: unknown) => setAnswer(textOf(error)));
  };
  const give = async (): Promise<void> => {
    setAsked(undefined);
    setAnswer('…');
    setAnswer(await order().then((reply) => reply.detail, textOf));
  };
  return (
    <span class="order">
      {answer !== undefined && <span role="status">{answer}</span>}
      {asked === undefined
        ? <button type="button" onClick={() => void ask()}>{label}</button>
        : <>
            <span>{asked}</span>
            <button type="button" class="danger" onClick={() => void give()}>{confirm}</button>
            <button type="button" onClick={() => setAsked(undefined)}>No</button>
          </>}
    </span>
  );
};
