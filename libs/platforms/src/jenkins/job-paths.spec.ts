import { describe, expect, it } from 'vitest';
import { branchOfJob, jenkinsJobPath, plainBranch } from './job-paths.js';

const ORIGIN = 'https://ci.example.com/jenkins';

describe('the path of a job', () => {
  it.each([
    ['job/e2e/', 'e2e'],
    ['job/shop/job/e2e/42/', 'shop/e2e'],
    ['/job/shop/job/e2e', 'shop/e2e'],
    ['https://ci.example.com/jenkins/job/shop/job/e2e/42/', 'shop/e2e'],
    ['https://known-otherwise.example.com/ci/job/shop/job/e2e/42/console?x=1', 'shop/e2e'],
    ['view/all/job/e2e/1/', 'e2e'],
    ['job/job/job/view/1/', 'job/view'],
    ['job/shop/job/app/job/feature%252Fx/7/', 'shop/app/feature%2Fx'],
    ['job/Gr%C3%B6%C3%9Fe%20A/', 'Größe A'],
  ])('%s is %s', (url, path) => {
    expect(jenkinsJobPath(url, ORIGIN)).toBe(path);
  });

  it.each([undefined, '', '/', 'job', 'queue/item/7/', 'job/%', 'job/a%00b/', 'job/a%0Ab/', 'javascript:job/a', 'computer/x/job/y'])('%j is none', (url) => {
    expect(jenkinsJobPath(url, ORIGIN)).toBeUndefined();
  });
});

describe('the branch of a job', () => {
  it.each([['shop/app/feature%2Fx', 'feature/x'], ['shop/app/main', undefined], ['shop/app/a%00b', undefined], ['100%', undefined]])('of %s is %s', (path, branch) => {
    expect(branchOfJob(path)).toBe(branch);
  });

  it.each([['origin/main', 'main'], ['refs/remotes/origin/feature/x', 'feature/x'], ['refs/heads/main', 'main'], ['*/main', 'main'], ['main', 'main'], [undefined, undefined]])(
    '%s in Git is %s', (name, branch) => {
      expect(plainBranch(name)).toBe(branch);
    });
});
