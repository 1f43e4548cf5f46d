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
  process.kill(process.pid, chosen.effect === 'kill' ? 'SIGKILL' : 'SIGSTOP');
}
