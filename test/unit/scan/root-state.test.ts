import { describe, expect, it } from 'vitest';
import { joinState, splitState } from '../../../src/scan/root-state.js';

const digest = Buffer.alloc(32, 0xa7);
const links = Buffer.from('followed');

describe('the state of a root', () => {
  it('comes back as it was kept, with links and without', () => {
    expect(splitState(joinState(digest, 4_000_000_000, undefined))).toEqual({
      digest,
      sweptThrough: 4_000_000_000,
    });
    expect(splitState(joinState(digest, 7, { toBuffer: () => links }))).toEqual({
      digest,
      sweptThrough: 7,
      links,
    });
  });

  it('is none when it is absent or cut short', () => {
    expect(splitState(undefined)).toBeUndefined();
    expect(splitState(joinState(digest, 7, undefined).subarray(0, 35))).toBeUndefined();
  });
});
