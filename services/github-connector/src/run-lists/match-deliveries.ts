/** What `workflow_run` tells; any other action is nothing that a list could show. */
export type RunAction = 'requested' | 'in_progress' | 'completed';

/** A delivery as the log has it, whatever became of it. */
export interface LoggedDelivery {
  guid: string;
  action: string;
  /** When GitHub first made it, ms since 1970. */
  at: number;
}

/** Something that a run from a list told, and when its delivery can have been made, ms since 1970. */
export interface Telling {
  action: RunAction;
  from: number;
  to: number;
}

/**
 * Which of the sought deliveries are told by these runs for sure. The log does not say which run a delivery is about, only its action and time. So deliveries and
 * tellings are held against each other as groups that touch in time: where there is a telling for every delivery of the log, nothing is missing; where there is
 * not, a delivery is about a run that no list has shown, nobody knows which, and none of that group counts.
 * A job may begin long after its run: what a group says of `in_progress` holds only where nothing else is missing.
 */
export const coveredDeliveries = (sought: readonly LoggedDelivery[], others: readonly LoggedDelivery[], tellings: readonly Telling[]): Set<string> => {
  const of = (action: RunAction): string[] => {
    const isOfIt = (one: { action: string }): boolean => one.action === action;
    const told = toldIn([...sought, ...others].filter(isOfIt), tellings.filter(isOfIt));
    return sought.filter(({ guid, action: own }) => own === action && told.has(guid)).map(({ guid }) => guid);
  };
  const [requested, completed] = [of('requested'), of('completed')];
  const isWhole = requested.length + completed.length === sought.filter(({ action }) => action === 'requested' || action === 'completed').length;
  return new Set([...requested, ...completed, ...(isWhole ? of('in_progress') : [])]);
};

const toldIn = (deliveries: readonly LoggedDelivery[], tellings: readonly Telling[]): Set<string> => {
  const told = groupsOf(tellings).flatMap(({ from, to, tellings: own }) => {
    const inside = deliveries.filter(({ at }) => at >= from && at <= to);
    return haveOneEach(inside, own) ? inside.map(({ guid }) => guid) : [];
  });
  return new Set(told);
};

interface Group {
  from: number;
  to: number;
  tellings: Telling[];
}

/** Tellings whose times touch. */
const groupsOf = (tellings: readonly Telling[]): Group[] => {
  const groups: Group[] = [];
  for (const telling of [...tellings].sort((one, other) => one.from - other.from)) {
    const last = groups.at(-1);
    if (!last || telling.from > last.to) groups.push({ from: telling.from, to: telling.to, tellings: [telling] });
    else {
      last.to = Math.max(last.to, telling.to);
      last.tellings.push(telling);
    }
  }
  return groups;
};

/** Whether each delivery can have a telling of its own: each takes, of those that are possible at its time, the one that is so for the shortest. */
const haveOneEach = (deliveries: readonly LoggedDelivery[], tellings: readonly Telling[]): boolean => {
  const coming = [...tellings].sort((one, other) => other.from - one.from);
  let open: Telling[] = [];
  for (const { at } of [...deliveries].sort((one, other) => one.at - other.at)) {
    const begun = open.length;
    while (coming.length > 0 && coming.at(-1)!.from <= at) open.push(coming.pop()!);
    if (open.length > begun) open.sort((one, other) => other.to - one.to);
    while (open.length > 0 && open.at(-1)!.to < at) open.pop();
    if (open.pop() === undefined) return false;
  }
  return true;
};
