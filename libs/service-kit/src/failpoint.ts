import { chosenFailpoint } from './failpoint.config.js';

const chosen = chosenFailpoint();

/** Kills this process without any farewell when `FAILPOINT` names this point, e.g. `router.after-commit`. */
export function failpoint(name: string): void {
  if (chosen === name) process.kill(process.pid, 'SIGKILL');
}
