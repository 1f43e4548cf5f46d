import { describe, expect, it } from 'vitest';
import { startedRunOf } from './started-run.js';

describe('a run as started', () => {
  it('is named in GitHub’s own spelling, so that hook, poll and answer have one key', () => {
    expect(startedRunOf({ id: 7, html_url: 'https://github.com/Acme/Shop/actions/runs/7' }, 'acme/shop', 'ci.yml')).toMatchObject({ id: '7', repository: 'Acme/Shop', attempt: 1 });
    expect(startedRunOf({ id: 7, repository: { full_name: 'Acme/Shop' } }, 'acme/shop', 'ci.yml').repository).toBe('Acme/Shop');
  });

  it('stays with the repository asked for when the address is of another', () => {
    expect(startedRunOf({ id: 7, html_url: 'https://github.com/other/place/actions/runs/7' }, 'acme/shop', 'ci.yml').repository).toBe('acme/shop');
  });
});
