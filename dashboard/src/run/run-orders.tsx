/** @jsxImportSource preact */
import type { JSX } from 'preact';
import { cancelRun, planRollback, retryRun, rollBackRun } from '../api/client.js';
import type { Run } from '../api/run.js';
import { FINAL_STATES } from '../ui/states.js';
import { OrderButton } from './order-button.js';

/** What would be undone, in a sentence; the order itself says why nothing can be. */
const rollbackQuestion = async (id: string): Promise<string> => {
  const { cancels, steps } = await planRollback(id);
  const names = (undo: boolean): string => steps.filter((step) => step.undo === undo).map(({ step, reason }) => (undo ? step : `${step} (${reason})`)).join(', ');
  const parts = [cancels.length > 0 && `Cancel ${cancels.join(', ')}.`, `Undo ${names(true) || 'nothing'}.`, names(false) && `Left as they are: ${names(false)}.`];
  return parts.filter(Boolean).join(' ');
};

/** The orders that fit the run as it is. */
export const RunOrders = ({ run: { id, state } }: { run: Run }): JSX.Element => {
  const isFinal = FINAL_STATES.includes(state);
  return (
    <span class="orders">
      {!isFinal && <OrderButton
        key="cancel" label="Cancel run" confirm="Yes, cancel the run"
        question={async () => 'End everything that runs? Nothing is rolled back.'} order={() => cancelRun(id)} />}
      {isFinal && state !== 'succeeded' && <OrderButton
        key="retry" label="Retry" confirm="Yes, go on"
        question={async () => 'Go on from the failed steps?'} order={() => retryRun(id)} />}
      {state !== 'rolling-back' && <OrderButton
        key="rollback" label="Roll back" confirm="Yes, roll back"
        question={() => rollbackQuestion(id)} order={() => rollBackRun(id)} />}
    </span>
  );
};
