const MAX_SHOWN = 12;

/** Words that people bring along for one thing; which of them is the right one depends on the place. */
const ALIKE: readonly (readonly string[])[] = [
  ['queued', 'pending', 'scheduled'], ['started', 'running', 'begun', 'begin'], ['finished', 'done', 'completed', 'complete', 'ended', 'end'], ['created', 'opened', 'open'],
  ['updated', 'changed', 'edited'], ['deleted', 'removed'], ['success', 'succeeded', 'successful', 'passed', 'ok', 'green'], ['failure', 'failed', 'broken', 'red'], ['cancelled', 'aborted', 'stopped'],
];

/** `: did you mean "x"?`, or nothing when no known name is near. */
export const hint = (wrong: string, known: readonly string[]): string => {
  const near = nearest(wrong, known) ?? alike(wrong, known);
  return near === undefined ? '' : `: did you mean "${near}"?`;
};

/** `: did you mean "x"?`, or the known names when none is near: those of the same subject (`pipelinerun.`), if there are any. */
export const suggestion = (wrong: string, known: readonly string[]): string => {
  const names = [...new Set(known)];
  if (names.length === 0) return '';
  const related = names.filter((name) => subjectOf(name) !== '' && subjectOf(name) === subjectOf(wrong));
  const offered = related.length > 0 ? related : names;
  const shown = offered.length > MAX_SHOWN ? [...offered.slice(0, MAX_SHOWN), '…'] : offered;
  return hint(wrong, names) || `: expected ${offered.length === 1 ? '' : 'one of '}${shown.join(', ')}`;
};

const subjectOf = (name: string): string => name.slice(0, name.lastIndexOf('.') + 1);

const nearest = (wrong: string, known: readonly string[]): string | undefined => {
  const ranked = known.map((name) => ({ name, distance: distanceByParts(wrong.toLowerCase(), name.toLowerCase()) })).sort((a, b) => a.distance - b.distance);
  return ranked[0] && ranked[0].distance < Infinity ? ranked[0].name : undefined;
};

const alike = (wrong: string, known: readonly string[]): string | undefined => {
  const [subject, word] = [subjectOf(wrong), wrong.slice(subjectOf(wrong).length).toLowerCase()];
  const words = ALIKE.find((group) => group.includes(word)) ?? [];
  return known.find((name) => words.some((other) => name === subject + other));
};

/** Infinity where a part between dots is too far from its counterpart: a long subject that is right does not make another predicate near. */
const distanceByParts = (a: string, b: string): number => {
  const [parts, others] = [a.split('.'), b.split('.')];
  return parts.length === others.length ? parts.reduce((sum, part, at) => sum + distanceIfNear(part, others[at]!), 0) : distanceIfNear(a, b);
};

/** At most a third of the letters: of one or two letters none, as nearly every name is one letter from them. */
const distanceIfNear = (a: string, b: string): number => {
  const distance = distanceOf(a, b);
  return distance <= Math.floor(Math.max(a.length, b.length) / 3) ? distance : Infinity;
};

/** Letters to add, drop, change or swap (Damerau and Levenshtein, each place swapped once). Long names are not compared: nobody mistypes them so. */
const distanceOf = (a: string, b: string): number => {
  if (a.length > 60 || b.length > 60) return Infinity;
  let [before, previous]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row[j] = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + Number(!same));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, previous] = [previous, row];
  }
  return previous[b.length]!;
};
