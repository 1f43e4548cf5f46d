/** @jsxImportSource preact */
import type { JSX } from 'preact';
import { lookOf } from './states.js';

export const StateIcon = ({ state }: { state: string }): JSX.Element => {
  const look = lookOf(state);
  const turning = state === 'running' || state === 'rolling-back';
  return (
    <svg class={`icon tone-${look.tone}${turning ? ' turning' : ''}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={look.icon} />
    </svg>
  );
};

/** Icon and word: a state is never told by its colour alone. */
export const StateBadge = ({ state }: { state: string }): JSX.Element => (
  <span class={`badge tone-${lookOf(state).tone}`} data-state={state}>
    <StateIcon state={state} />
    {lookOf(state).label}
  </span>
);
