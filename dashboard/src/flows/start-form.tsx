/** @jsxImportSource preact */
import { useRef, useState } from 'preact/hooks';
import type { JSX } from 'preact';
import { newOrderKey, startFlow, type FlowInForce, type FlowInput, type InputValue } from '../api/flows.client.js';
import { navigate, runPath } from '../router.js';
import { textOf } from '../ui/text-of.js';

/** What the field holds, as its type; undefined: left empty, so the flow's default counts. */
export const valueOf = ({ type }: FlowInput, entry: FormDataEntryValue | null): InputValue | undefined => {
  if (type === 'boolean') return entry !== null;
  if (typeof entry !== 'string' || entry === '') return undefined;
  // What is no number goes as it is: the answer says what is expected.
  return type === 'number' && !Number.isNaN(Number(entry)) ? Number(entry) : entry;
};

const Field = ({ input: { name, type, required, default: value, description } }: { input: FlowInput }): JSX.Element => (
  <label>
    <span>{name}{required && ' (required)'}{description && <span class="dim"> {description}</span>}</span>
    {type === 'boolean'
      ? <input type="checkbox" name={name} defaultChecked={value === true} />
      : <input inputMode={type === 'number' ? 'decimal' : 'text'} name={name} required={required} placeholder={value === null ? '' : String(value)} />}
  </label>
);

/** Starts the flow by hand and goes to its run; a refusal stands beside the button. */
export const StartForm = ({ flow: { name, inputs } }: { flow: FlowInForce }): JSX.Element => {
  const [open, setOpen] = useState(false);
  const [answer, setAnswer] = useState<string>();
  const [isSending, setSending] = useState(false);
  // With the same inputs it is the same order: whether one took effect whose answer never came, nobody here can know.
  const key = useRef(newOrderKey());
  const start = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const given = inputs.flatMap((input) => {
      const value = valueOf(input, form.get(input.name));
      return value === undefined ? [] : [[input.name, value] as const];
    });
    setAnswer('…');
    setSending(true);
    void startFlow(name, Object.fromEntries(given), key.current)
      .then(({ id }) => navigate(runPath(id)), (error: unknown) => setAnswer(textOf(error)))
      .finally(() => setSending(false));
  };
  if (!open) return <button type="button" onClick={() => setOpen(true)}>Start …</button>;
  return (
    <form class="start" onSubmit={start} onInput={() => { key.current = newOrderKey(); }} aria-label={`Start ${name}`}>
      {inputs.map((input) => <Field key={input.name} input={input} />)}
      <span>
        <button type="submit" disabled={isSending}>Start {name}</button> <button type="button" onClick={() => setOpen(false)}>No</button>
        {answer && <span role="status"> {answer}</span>}
      </span>
    </form>
  );
};
