import { connectorKilledAt } from '../connector-killed.ts';

/** "Sent" is written, nothing was: only a look-up can tell. */
export const connectorKilledBeforePost = connectorKilledAt({ number: 5, title: 'connector killed before its POST', failpoints: ['connector.before-send'] });
