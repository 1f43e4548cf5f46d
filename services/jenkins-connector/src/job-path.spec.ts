import { jenkinsJobPath } from '@stellwerk/platforms';
import { describe, expect, it } from 'vitest';
import { jobPathOf, jobUrlPath } from './job-path.js';

describe('job paths', () => {
  it.each([
    ['e2e', undefined, 'e2e', '/job/e2e'],
    ['shop/e2e', undefined, 'shop/e2e', '/job/shop/job/e2e'],
    ['/shop/e2e/', undefined, 'shop/e2e', '/job/shop/job/e2e'],
    ['shop/app', 'feature/x', 'shop/app/feature%2Fx', '/job/shop/job/app/job/feature%252Fx'],
    ['my folder/ä', 'main', 'my folder/ä/main', '/job/my%20folder/job/%C3%A4/job/main'],
  ])('%s of %s is %s at %s', (job, branch, path, url) => {
    expect(jobPathOf(job, branch)).toBe(path);
    expect(jobUrlPath(path)).toBe(url);
  });

  it.each([['shop/e2e', undefined], ['shop/app', 'feature/x'], ['shop/app', 'main'], ['a b/c', 'ü/ö']])('%s of %s is what a hook calls it', (job, branch) => {
    const path = jobPathOf(job, branch);
    expect(jenkinsJobPath(`${jobUrlPath(path).slice(1)}/12/`, 'https://jenkins.example.com')).toBe(path);
  });

  it.each(['', '/', '..', 'shop/../admin'])('refuses "%s"', (job) => {
    expect(() => jobPathOf(job)).toThrow(/job path/);
  });
});
