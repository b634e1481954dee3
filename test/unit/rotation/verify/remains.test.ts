/** What remains in history, which roots cannot speak for their place, and what people should know. */
import { describe, expect, test } from 'vitest';
import type { RootEvidence, VerifyInput } from '../../../../src/rotation/verify/evidence.js';
import { judgeSecret } from '../../../../src/rotation/verify/judge-secret.js';
import type { HistoryRemain, OpenRoot, VerifyNote } from '../../../../src/rotation/verify/verdict.js';
import {
  chatLocation,
  commitOf,
  headLocation,
  historyLocation,
  type LocationDraft,
} from '../../../support/exposure-builder.js';
import { before, exportOf, heldOf, inputOf, purgedAt, readAt, rootOf } from './builder.js';

const head = headLocation('acme/api', '.env');
const early = commitOf('early', { daysAgo: 300 });
const late = commitOf('late', { daysAgo: 200 });
const removal = commitOf('removal', { daysAgo: 100 });

describe('history', () => {
  const of = (
    drafts: readonly LocationDraft[],
    extra: Partial<VerifyInput> = {},
  ): readonly HistoryRemain[] => {
    const roots = drafts.map((draft) => rootOf(draft));
    return judgeSecret(inputOf({ held: drafts.map((draft) => heldOf(draft)), roots, ...extra })).history;
  };

  test('is one entry a repository and path, with its first and last commit and its refs', () => {
    const first = historyLocation('acme/api', '.env', {
      introduced: late,
      removed: removal,
      content: 'a'.repeat(32) as never,
    });
    const second = historyLocation('acme/api', '.env', {
      introduced: early,
      removed: late,
      content: 'b'.repeat(32) as never,
    });
    const refCounts = new Map([
      [early.id as string, 3],
      [late.id as string, 7],
    ]);
    expect(
      of([historyLocation('acme/web', 'x', { introduced: early }), first, second], { refCounts }),
    ).toEqual([
      {
        place: 'git:acme/api',
        placeName: 'acme/api',
        path: '.env',
        firstCommit: early.id,
        lastCommit: removal.id,
        refCount: 7,
      },
      expect.objectContaining({ place: 'git:acme/web', path: 'x', refCount: 3 }),
    ]);
    expect(of([second, first]).map(({ firstCommit }) => firstCommit)).toEqual([early.id]);
    expect(of([first])[0]).toMatchObject({ refCount: 0 });
  });

  test('also of messages, whose only commit is their own, and whose refs are known', () => {
    const message: LocationDraft = {
      ...head,
      appearance: {
        type: 'git-text',
        locationKind: 'git-commit-message',
        commit: early,
        refs: ['refs/heads/main'],
        refCount: 4,
      },
    };
    expect(of([message])).toEqual([
      {
        place: 'git:acme/api',
        placeName: 'acme/api',
        firstCommit: early.id,
        lastCommit: early.id,
        refCount: 4,
      },
    ]);
  });

  test('counts the refs of what stands in trees of tags alone', () => {
    const tagged = headLocation('acme/api', '.env', {
      locationKind: 'git-other-tip',
      refs: ['refs/tags/v1', 'refs/tags/v2'],
    });
    expect(of([tagged])[0]).toMatchObject({ refCount: 2 });
  });

  test('without commits names none; what is gone, unproven or elsewhere is not listed', () => {
    const draft = historyLocation('acme/api', '.env');
    const bare = { ...draft, appearance: { ...draft.appearance, introduced: undefined, removed: undefined } };
    const [entry] = of([bare as LocationDraft]);
    expect(entry).not.toHaveProperty('firstCommit');
    expect(entry).not.toHaveProperty('lastCommit');
    expect(of([head])).toEqual([]);
    expect(of([draft], { held: [heldOf(draft, { isThere: false })] })).toEqual([]);
    expect(of([draft], { roots: [rootOf(draft, { isGone: true })] })).toEqual([]);
  });

  test('orders commits by time, and by id where times are equal or none', () => {
    const twin = { ...early, id: 'f'.repeat(40) as typeof early.id };
    const other = { ...early, id: '0'.repeat(40) as typeof early.id };
    const at = (introduced: typeof early, content: string) =>
      historyLocation('acme/api', '.env', { introduced, removed: introduced, content: content as never });
    for (const drafts of [
      [at(twin, 'a'), at(other, 'b')],
      [at(other, 'a'), at(twin, 'b')],
    ]) {
      expect(of(drafts)[0]).toMatchObject({ firstCommit: other.id, lastCommit: twin.id });
    }
    const undated = { ...twin, committerDate: 'never' };
    expect(
      of([at(undated, 'a'), at({ ...other, committerDate: removal.committerDate }, 'b')])[0],
    ).toMatchObject({
      firstCommit: other.id,
      lastCommit: twin.id,
    });
  });
});

describe('roots that cannot speak for their place', () => {
  const chat = chatLocation('#ops', '17');
  const open = (roots: readonly RootEvidence[], extra: Partial<VerifyInput> = {}): readonly OpenRoot[] =>
    judgeSecret(inputOf({ roots, ...extra })).open;
  const reasons = (root: Partial<RootEvidence>, extra: Partial<VerifyInput> = {}): string[] =>
    open([rootOf(head, root)], extra).map(({ reason }) => reason);
  const purged = { purgedAt: new Map([['', purgedAt]]) };

  test('are told with why', () => {
    expect(reasons({})).toEqual([]);
    expect(reasons({}, purged)).toEqual([]);
    expect(reasons({ nature: 'stream' })).toEqual(['standard-input']);
    expect(reasons({ isGone: true })).toEqual(['source-gone']);
    expect(reasons({ isUnsettled: true })).toEqual(['read-incompletely']);
    expect(reasons({ gaps: { unreadable: 1 } })).toEqual(['read-incompletely']);
    expect(reasons({ asOf: before }, purged)).toEqual(['not-rescanned']);
    expect(reasons({ asOf: undefined as never })).toEqual(['not-read']);
    expect(reasons({}, { sinceScan: 6 })).toEqual(['not-rescanned']);
    expect(reasons({ nature: 'mirror', asOf: before }, purged)).toEqual(['not-fetched']);
    expect(reasons({ nature: 'mirror', asOf: undefined as never })).toEqual(['not-fetched']);
  });

  test('exports are as old as their newest record', () => {
    const at = (overrides: Partial<RootEvidence>, extra: Partial<VerifyInput> = {}): string[] =>
      open([exportOf(chat, [before, readAt], overrides)], extra).map(({ reason }) => reason);
    expect(at({})).toEqual([]);
    expect(at({}, { ...purged, sinceScan: 6 })).toEqual([]);
    expect(at({ asOf: purgedAt }, purged)).toEqual(['export-older']);
    expect(at({ asOf: undefined as never })).toEqual(['export-undated']);
    expect(at({ asOf: undefined as never }, purged)).toEqual(['export-undated']);
    expect(at({ isUnsettled: true })).toEqual(['read-incompletely']);
    expect(at({ gaps: { 'export-damaged': 2 } })).toEqual(['read-incompletely']);
  });

  test('come by place and locator, with their gaps and readings', () => {
    const web = headLocation('acme/web', 'x');
    const found = open([
      rootOf(web, { locator: '/0', isGone: true }),
      rootOf(head, { locator: '/b', isGone: true, gaps: { unreadable: 1 } }),
      rootOf(head, { locator: '/a', isGone: true }),
    ]);
    expect(found.map(({ placeName, locator }) => `${placeName} ${locator}`)).toEqual([
      'acme/api /a',
      'acme/api /b',
      'acme/web /0',
    ]);
    expect(found[1]).toEqual({
      place: 'git:acme/api',
      placeName: 'acme/api',
      locator: '/b',
      reason: 'source-gone',
      readAt,
      gaps: { unreadable: 1 },
    });
    const [unread] = open([rootOf(head, { isGone: true, readAt: undefined as never })]);
    expect(unread).not.toHaveProperty('readAt');
  });
});

describe('notes', () => {
  const notes = (input: Partial<VerifyInput>): readonly VerifyNote[] => judgeSecret(inputOf(input)).notes;
  const at = (place: string, name: string, overrides = {}) => {
    const draft = headLocation(place, '.env', { introduced: commitOf(name), ...overrides });
    return { draft, root: rootOf(draft) };
  };

  test('name the commits that vanished, and the host that may keep them', () => {
    const one = at('git.acme.example/team/api', 'one');
    const two = at('git.acme.example/team/api', 'two', { content: 'c' });
    const ids = [commitOf('one').id, commitOf('two').id].sort();
    const gone = [one, two, one].map(({ draft }) => heldOf(draft, { isThere: false }));
    expect(notes({ held: gone, roots: [one.root] })).toEqual([
      {
        type: 'history-rewritten',
        place: 'git:git.acme.example/team/api',
        placeName: 'git.acme.example/team/api',
        commits: ids,
        host: 'git.acme.example',
      },
    ]);
    expect(notes({ held: [heldOf(one.draft)], roots: [one.root] })).toEqual([]);
    const unproven = notes({ held: gone, roots: [{ ...one.root, isGone: true }] });
    expect(unproven).toEqual([]);
    const lost = at('git.acme.example/team/api', 'one', { locationKind: 'git-reflog', refs: [] });
    expect(notes({ held: [heldOf(lost.draft)], roots: [lost.root] })).toHaveLength(1);
    expect(notes({ held: [heldOf(lost.draft)], roots: [{ ...lost.root, isGone: true }] })).toEqual([]);
  });

  test('name no host where the place is not named by its remote, and nothing for what is no commit', () => {
    for (const place of ['roots:0123', 'local:0123', 'acme/api', 'file:/srv/git.x/api']) {
      const { draft, root } = at(place, 'one');
      const [note] = notes({ held: [heldOf(draft, { isThere: false })], roots: [root] });
      expect(note, place).toMatchObject({ type: 'history-rewritten' });
      expect(note, place).not.toHaveProperty('host');
    }
    const chat = chatLocation('#ops', '17');
    expect(notes({ held: [heldOf(chat, { isThere: false })], roots: [rootOf(chat)] })).toEqual([]);
    const both = [at('b.example/x', 'one'), at('a.example/x', 'two')];
    const held = both.map(({ draft }) => heldOf(draft, { isThere: false }));
    const places = notes({ held, roots: both.map(({ root }) => root) }).map(
      (note) => 'place' in note && note.place,
    );
    expect(places).toEqual(['git:a.example/x', 'git:b.example/x']);
  });

  test('name exports that still hold the value, once each', () => {
    const chat = chatLocation('#ops', '17');
    const dev = chatLocation('#dev', '18');
    const held = [
      heldOf(chat, { locator: '/b.zip' }),
      heldOf(dev, { locator: '/b.zip' }),
      heldOf(chat, { locator: '/a.zip' }),
      heldOf(chat, { locator: '/gone.zip', isThere: false }),
      heldOf(head),
    ];
    const span = [before, readAt] as const;
    const roots = [
      exportOf(chat, span, { locator: '/b.zip' }),
      exportOf(dev, span, { locator: '/b.zip' }),
      exportOf(chat, span, { locator: '/a.zip' }),
      exportOf(chat, span, { locator: '/gone.zip' }),
      rootOf(head),
    ];
    expect(notes({ held, roots })).toEqual([
      { type: 'export-file-holds-it', locator: '/a.zip' },
      { type: 'export-file-holds-it', locator: '/b.zip' },
    ]);
  });
});
