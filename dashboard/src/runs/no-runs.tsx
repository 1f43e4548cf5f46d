/** @jsxImportSource preact */
import type { JSX } from 'preact';

/** Why the list is empty, and what to do about it. */
export const NoRuns = ({ loading, filtered, onReset }: { loading: boolean; filtered: boolean; onReset(): void }): JSX.Element => {
  if (loading) return <p class="empty" role="status">Loading …</p>;
  if (filtered) return <p class="empty">No run fits the filter. <button type="button" class="plain" onClick={onReset}>Show all</button></p>;
  return (
    <p class="empty">
      <strong>No runs yet.</strong><br />
      A run starts when a webhook comes that a flow listens to; it will show up here by itself.
    </p>
  );
};
