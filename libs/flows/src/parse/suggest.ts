const MAX_SHOWN = 12;

/** `: did you mean "x"?`, or nothing when no known name is near. */
export const hint = (wrong: string, known: readonly string[]): string => {
  const near = nearest(wrong, known);
  return near === undefined ? '' : `: did you mean "${near}"?`;
};

/** `: did you mean "x"?`, or the known names when none is near. */
export const suggestion = (wrong: string, known: readonly string[]): string => {
  if (known.length === 0) return '';
  const shown = known.length > MAX_SHOWN ? [...known.slice(0, MAX_SHOWN), '…'] : known;
  return hint(wrong, known) || `: expected ${known.length === 1 ? '' : 'one of '}${shown.join(', ')}`;
};

const nearest = (wrong: string, known: readonly string[]): string | undefined => {
  const allowed = Math.max(1, Math.floor(wrong.length / 3));
  const ranked = known.map((name) => ({ name, distance: distanceOf(wrong.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0] && ranked[0].distance <= allowed ? ranked[0].name : undefined;
};

/** Letters to add, drop, change or swap. Long names are not compared: nobody mistypes them so. */
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
