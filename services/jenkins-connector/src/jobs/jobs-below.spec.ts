import { jenkinsJobPath } from '@stellwerk/platforms';
import { describe, expect, it } from 'vitest';
import { jobUrlPath } from '../job-path.js';
import { jobsBelow } from './jobs-below.js';

describe('the jobs below a folder', () => {
  const names = ['e2e', 'feature%2Fx', 'Größe A', '日本', 'a"b', '100%25'];

  it.each(names)('have the name that hooks give them: %s', (name) => {
    const [below] = jobsBelow('org/Abteilung Ü', [{ name, nextBuildNumber: 3, lastBuild: { number: 2, timestamp: 7 } }]);
    expect(below).toEqual({ job: `org/Abteilung Ü/${name}`, nextNumber: 3, last: { number: 2, timestamp: 7 } });
    expect(jenkinsJobPath(`${jobUrlPath(below!.job).slice(1)}/2/`, 'https://ci.example.com')).toBe(below!.job);
  });

  it('are found in folders in folders; what is hidden, or neither job nor folder, is left out', () => {
    const branches = [{ name: 'main', nextBuildNumber: 1, lastBuild: null }, null];
    const below = jobsBelow('org', [{ name: 'app', jobs: branches }, { name: 'empty', jobs: [] }, { name: 'something else' }, { name: 'old', lastBuild: { number: 4 } }]);
    expect(below.map(({ job }) => job)).toEqual(['org/app/main', 'org/old']);
  });
});
