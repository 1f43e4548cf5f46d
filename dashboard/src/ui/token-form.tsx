/** @jsxImportSource preact */
import type { JSX } from 'preact';
import { keepToken } from '../api/token.js';

const submit = (event: SubmitEvent): void => {
  event.preventDefault();
  const value = new FormData(event.currentTarget as HTMLFormElement).get('token');
  if (typeof value !== 'string' || value === '') return;
  keepToken(value);
  location.reload();
};

/** Shown when the door asks for a token. */
export const TokenForm = ({ reason }: { reason: string }): JSX.Element => (
  <form class="token" onSubmit={submit}>
    <h1>Sign in</h1>
    <p>{reason}</p>
    <label>API token <input name="token" type="password" autocomplete="off" required /></label>
    <button type="submit">Go on</button>
  </form>
);
