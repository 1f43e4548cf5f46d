import { answerOrders } from './answer-orders.ts';
import { closedLoop, openLoop } from './loops.ts';
import { windowLoop } from './window-loop.ts';

// The load driver: a process of its own, so that its cost is seen apart.
answerOrders({ closed: closedLoop, open: openLoop, window: windowLoop });
process.send?.({ event: 'listening' });
