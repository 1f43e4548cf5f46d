import { chosenFailpoint } from './failpoint.config.js';

const chosen = chosenFailpoint();
let hits = 0;

/**
 * A step at which a crash or a pause matters. Does nothing unless `FAILPOINT` names it, e.g. `router.after-commit`: then the
 * process is killed there without any farewell, stopped until somebody continues it (`…:stop`), or ends (`…:exit`), once, at the
 * first hit or a later one (`…@3`).
 */
export function failpoint(name: string): void {
  if (chosen?.name !== name) return;
  hits += 1;
  if (hits !== chosen.hit) return;
  if (chosen.effect === 'exit') process.exit(1);
  process.kill(process.pid, chosen.effect === 'stop' ? 'SIGSTOP' : 'SIGKILL');
}

/**
 * As `failpoint`, at a place that many reach side by side. With `…:together@<n>` the first ones stand still there, and the process is killed when the
 * n-th has come: so one crash meets all of them at the same step.
 */
export function failpointForMany(name: string): Promise<never> | undefined {
  failpoint(name);
  return chosen?.name === name && chosen.effect === 'together' ? new Promise<never>(() => undefined) : undefined;
}
