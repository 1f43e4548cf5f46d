import { routerKilledAt } from '../router-killed.ts';

/** The transaction is gone with the process; the events are delivered again. */
export const routerKilledBeforeCommit = routerKilledAt({ number: 4, title: 'router killed before COMMIT', failpoints: ['router.before-commit'] });
