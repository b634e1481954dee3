import { describe, expect, test } from 'vitest';
import { heirOf, heirText, presentHeirs } from '../../../../src/rotation/derive/heirs.js';
import type { Party } from '../../../../src/rotation/imports.js';

function bookOf(...parties: readonly (Partial<Party> & { readonly id: string })[]) {
  const full = parties.map(
    (party): Party => ({ type: 'person', emails: [], handles: [], status: 'active', ...party }),
  );
  return presentHeirs(new Map(full.map((party) => [party.id, party])));
}

describe('who stands in', () => {
  test('nobody for whoever is there, is unknown, or is no person', () => {
    const book = bookOf(
      { id: 'ana' },
      { id: 'old-vendor', type: 'vendor', status: 'left', successor: 'ana' },
    );
    for (const name of ['ana', 'nobody', 'old-vendor']) expect(heirOf(book, name)).toBeUndefined();
  });

  test('the successor, else the manager, whatever the case of the name', () => {
    const book = bookOf(
      { id: 'ana', status: 'left', successor: 'bo', manager: 'kim' },
      { id: 'cy', status: 'left', manager: 'kim' },
      { id: 'dee', status: 'left' },
      { id: 'bo' },
    );
    expect(heirOf(book, 'ANA')).toEqual({ former: 'ana', name: 'bo' });
    expect(heirOf(book, 'cy')).toEqual({ former: 'cy', name: 'kim' });
    expect(heirOf(book, 'dee')).toEqual({ former: 'dee' });
  });

  test('who is left of those that left one after the other', () => {
    const book = bookOf(
      { id: 'ana', status: 'left', successor: 'bo' },
      { id: 'bo', status: 'left', successor: 'team' },
      { id: 'x', status: 'left', successor: 'y' },
      { id: 'y', status: 'left', successor: 'x' },
    );
    expect(heirOf(book, 'ana')).toEqual({ former: 'ana', name: 'team' });
    expect(heirOf(book, 'x')).toEqual({ former: 'x' });
    expect(book.get('x')?.successor).toBeUndefined();
  });

  test('is told in words', () => {
    expect(heirText('ana', 'bo')).toBe('ana has left: bo stands in');
    expect(heirText('ana', undefined)).toBe('ana has left, and nobody is named in their place');
  });
});
