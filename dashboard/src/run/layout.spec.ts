import { describe, expect, it } from 'vitest';
import { BOX, layOut, pathOf } from './layout.js';

const steps = [
  { name: 'scan', needs: [] }, { name: 'e2e', needs: ['scan'] }, { name: 'docs', needs: ['scan'] }, { name: 'deploy', needs: ['e2e', 'docs'] },
];
const boxOf = (layout: ReturnType<typeof layOut>, name: string) => layout.boxes.find((box) => box.name === name)!;

describe('the graph of a run', () => {
  it('puts a step behind what it needs', () => {
    const layout = layOut(steps, 'LR');
    expect(boxOf(layout, 'e2e').x).toBeGreaterThanOrEqual(boxOf(layout, 'scan').x + BOX.width);
    expect(boxOf(layout, 'deploy').x).toBeGreaterThanOrEqual(boxOf(layout, 'docs').x + BOX.width);
    expect(layout.edges).toHaveLength(4);
  });
  it('runs from top to bottom where it is narrow', () => {
    const layout = layOut(steps, 'TB');
    expect(boxOf(layout, 'deploy').y).toBeGreaterThan(boxOf(layout, 'scan').y);
    expect(layout.width).toBeLessThan(layOut(steps, 'LR').width);
  });
  it('has room for every box', () => {
    const layout = layOut(steps, 'LR');
    for (const box of layout.boxes) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.y + BOX.height).toBeLessThanOrEqual(layout.height);
    }
  });
  it('passes over a need that is not there', () => expect(layOut([{ name: 'a', needs: ['gone'] }], 'LR').edges).toEqual([]));
});

it('a line begins at its first point and ends at its last', () => {
  const path = pathOf([{ x: 0, y: 0 }, { x: 10, y: 4 }, { x: 20, y: 8 }]);
  expect(path.startsWith('M0 0')).toBe(true);
  expect(path.endsWith('L20 8')).toBe(true);
});
