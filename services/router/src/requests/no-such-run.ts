import type { OrderReply } from '@stellwerk/contracts';

/** Whether a run is unknown or was deleted cannot be told any more: its id is all that an order brings. */
export const noSuchRun = (id: string, days: number): OrderReply =>
  ({ ok: false, status: 404, detail: `there is no run ${id} to be found: either it never was, or it is too old (runs are deleted ${days} days after their end)` });
