import { routerKilledAt } from '../router-killed.ts';

/** Runs and commands are in the database; the events are delivered again, and commands may not have left yet. */
export const routerKilledAfterCommit = routerKilledAt({ number: 3, title: 'router killed after COMMIT, before the ack', failpoints: ['router.after-commit', 'router.before-ack'] });
