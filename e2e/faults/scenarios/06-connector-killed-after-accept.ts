import { connectorKilledAt } from '../connector-killed.ts';

/** The platform runs it, the connector never heard its own answer. */
export const connectorKilledAfterAccept = connectorKilledAt({
  number: 6, title: 'connector killed after the platform accepted, before the outcome is written', quick: true, failpoints: ['connector.after-send', 'connector.after-outcome'],
});
