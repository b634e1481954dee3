/** What all copies of a secret add up to. */
import { describe, expect, test } from 'vitest';
import type { LocationKind } from '../../../../src/model/appearance.js';
import type { VerdictState } from '../../../../src/rotation/log/state.js';
import { classOf } from '../../../../src/rotation/verify/copy-class.js';
import type { VerifyInput } from '../../../../src/rotation/verify/evidence.js';
import { judgeSecret } from '../../../../src/rotation/verify/judge-secret.js';
import {
  type SecretVerdict,
  verdictExitCode,
  verdictNames,
  worstFirst,
} from '../../../../src/rotation/verify/verdict.js';
import {
  chatLocation,
  commitOf,
  fileLocation,
  headLocation,
  historyLocation,
  type LocationDraft,
  ticketLocation,
} from '../../../support/exposure-builder.js';
import { before, exportOf, heldOf, inputOf, locationOf, purgedAt, readAt, rootOf } from './builder.js';

const head = headLocation('acme/api', '.env');
const history = historyLocation('acme/api', '.env');
const unreachable = headLocation('acme/api', 'lost', { locationKind: 'git-unreachable', refs: [] });
const chat = chatLocation('#ops', '17', { record: { created: '2026-10-15T00:00:00Z' } });
const october = exportOf(chat, ['2026-10-01T00:00:00Z', '2026-10-31T00:00:00Z']);

function judged(input: Partial<VerifyInput>): SecretVerdict {
  return judgeSecret(inputOf(input));
}
const git = (...drafts: LocationDraft[]) => ({
  held: drafts.map((draft) => heldOf(draft)),
  roots: [rootOf(head)],
});

describe('verdicts', () => {
  test('one copy gives the verdict of its sort', () => {
    expect(judged(git(head)).verdicts).toEqual(['still-at-head']);
    expect(judged(git(history)).verdicts).toEqual(['history-remains']);
    expect(judged(git(unreachable)).verdicts).toEqual(['unreachable-remains']);
    expect(judged({ held: [heldOf(chat, { locator: '/export.zip' })], roots: [october] }).verdicts).toEqual([
      'human-copies-remain',
    ]);
    expect(judged({ held: [heldOf(head, { isThere: false })], roots: [rootOf(head)] })).toMatchObject({
      verdict: 'clean',
      verdicts: ['clean'],
    });
    expect(judged({ held: [heldOf(head)], roots: [rootOf(head, { isGone: true })] }).verdicts).toEqual([
      'unproven',
    ]);
  });

  test('all that hold are listed, the worst first', () => {
    const other = rootOf(head, { locator: '/gone', isGone: true });
    const { verdict, verdicts } = judged({
      held: [
        heldOf(unreachable),
        heldOf(history),
        heldOf(headLocation('acme/api', 'b'), { locator: '/gone' }),
        heldOf(chat, { locator: '/export.zip' }),
        heldOf(headLocation('acme/api', 'a')),
      ],
      roots: [rootOf(head), other, october],
      earlier: [{ at: before, verdict: 'clean', verdicts: ['clean'], ground: 'clean-by-value' }],
    });
    expect(verdicts).toEqual([
      'reappeared',
      'still-at-head',
      'human-copies-remain',
      'history-remains',
      'unreachable-remains',
      'unproven',
    ]);
    expect(verdict).toBe('reappeared');
  });

  test('a secret without a copy, or a copy without a root, is unproven', () => {
    expect(judged({}).verdicts).toEqual(['unproven']);
    const { verdicts, copies } = judged({ held: [heldOf(head)] });
    expect(verdicts).toEqual(['unproven']);
    expect(copies[0]).toMatchObject({
      reason: 'not-read',
      roots: [{ locator: '/clone', state: 'unproven' }],
    });
  });

  test('clean names its ground', () => {
    const gone = { held: [heldOf(head, { isThere: false })], roots: [rootOf(head)] };
    expect(judged(gone)).toMatchObject({ ground: 'clean-by-detection' });
    expect(judged(gone).copies[0]?.ground).toBe('by-detection');
    expect(judged({ ...gone, isByValue: true })).toMatchObject({ ground: 'clean-by-value' });
    expect(judged({ ...gone, isByValue: true }).copies[0]?.ground).toBe('by-value');
    const found = { held: [heldOf(head, { isByValue: true })], roots: [rootOf(head)] };
    expect(judged(found).copies[0]?.ground).toBe('by-value');
    expect(judged(found).ground).toBe('clean-by-detection');
  });

  test('exit codes: what is there comes before what is not known', () => {
    for (const name of verdictNames) {
      const expected = name === 'clean' ? 0 : name === 'unproven' ? 3 : 1;
      expect(verdictExitCode([name]), name).toBe(expected);
    }
    expect(verdictExitCode(['clean', 'unproven'])).toBe(3);
    expect(verdictExitCode(['unproven', 'unreachable-remains', 'clean'])).toBe(1);
    expect(verdictExitCode([])).toBe(3);
    expect(worstFirst(['clean', 'reappeared', 'clean', 'unproven'])).toEqual([
      'reappeared',
      'unproven',
      'clean',
    ]);
  });
});

describe('several roots', () => {
  const clones = (a: boolean, b: boolean, extra = {}) => ({
    held: [heldOf(head, { locator: '/b', isThere: b }), heldOf(head, { locator: '/a', isThere: a })],
    roots: [rootOf(head, { locator: '/a' }), rootOf(head, { locator: '/b', ...extra })],
  });

  test('of one place are one copy, which is gone when the last is without it', () => {
    expect(judged(clones(false, false)).verdicts).toEqual(['clean']);
    const one = judged(clones(true, false));
    expect(one.verdicts).toEqual(['still-at-head']);
    expect(one.copies).toMatchObject([{ state: 'present', reason: 'found' }]);
    expect(judged(clones(false, false)).copies).toMatchObject([{ reason: 'not-found-any-more' }]);
    expect(one.copies[0]?.roots).toMatchObject([
      { locator: '/a', state: 'present' },
      { locator: '/b', state: 'gone' },
    ]);
    expect(judged(clones(false, false, { isGone: true })).verdicts).toEqual(['unproven']);
    expect(judged(clones(true, false, { isGone: true })).verdicts).toEqual(['still-at-head']);
  });

  test('the copy that is there is the one that is told', () => {
    const staged = { ...head, status: { status: 'vanished' as const } };
    const { copies } = judged({
      held: [heldOf(staged, { locator: '/a', isThere: false }), heldOf(head, { locator: '/b' })],
      roots: [rootOf(head, { locator: '/a' }), rootOf(head, { locator: '/b' })],
    });
    expect(copies.map(({ location }) => location.status.status)).toEqual(['open']);
  });

  test('what one clone has at its tip and another in history is at a tip', () => {
    const lost = {
      ...head,
      appearance: { ...unreachable.appearance, path: { text: '.env' } },
    } as LocationDraft;
    const sortOf = (drafts: readonly LocationDraft[], extra = {}): string | undefined => {
      const held = drafts.map((draft, i) => heldOf(draft, { locator: `/${i}` }));
      const roots = drafts.map((draft, i) => rootOf(draft, { locator: `/${i}`, ...(i === 0 ? extra : {}) }));
      const { copies } = judged({ held, roots });
      expect(copies).toHaveLength(1);
      return copies[0]?.class;
    };
    expect(sortOf([lost, history, head])).toBe('head');
    expect(sortOf([head, history])).toBe('head');
    expect(sortOf([lost, history])).toBe('history');
    // A clone that is gone tells nothing where another shows the copy.
    expect(sortOf([head, history], { isGone: true })).toBe('history');
  });

  test('places, paths, spans, contents and messages are told apart', () => {
    const span = { start: 50, end: 90 };
    const drafts = [
      head,
      { ...head, span },
      { ...head, span: { start: 0, end: 41 } },
      { ...head, chain: ['a.zip'] },
      headLocation('acme/api', 'other'),
      headLocation('acme/web', '.env'),
      fileLocation('share', '.env'),
    ];
    const roots = drafts.map((draft) => rootOf(draft));
    expect(judged({ held: drafts.map((draft) => heldOf(draft)), roots }).copies).toHaveLength(7);
    const twice = judged({ held: [heldOf(head), heldOf(head)], roots: [rootOf(head)] });
    expect(twice.copies).toHaveLength(1);
    const text = (name: string, label: string) =>
      heldOf({
        ...head,
        appearance: {
          type: 'git-text',
          locationKind: 'git-commit-message',
          commit: commitOf(name),
          label,
          refs: [],
          refCount: 0,
        },
      });
    const texts = [text('a', 'x'), text('b', 'x'), text('b', 'y'), text('b', 'y')];
    expect(judged({ held: texts, roots: [rootOf(head)] }).copies).toHaveLength(3);
  });

  test('one record is one copy whatever texts of it hold the value, a former version is another', () => {
    const record = (overrides: object, options = {}) =>
      heldOf(
        chatLocation('#ops', '17', { record: { created: '2026-10-15T00:00:00Z', ...overrides }, ...options }),
        { locator: '/export.zip' },
      );
    const held = [
      record({}),
      record({}, { span: { start: 90, end: 99 } }),
      record({ revision: 'previous' }),
      record({ revision: 'previous', revisionId: '2' }),
      record({ field: 'title' }),
      record({ recordId: '18' }),
      record({ recordType: 'file' }),
    ];
    expect(judged({ held, roots: [october] }).copies).toHaveLength(6);
    // Records of tools are files that we read ourselves.
    const jupyter = rootOf(chat, { locator: '/export.zip' });
    expect(judged({ held, roots: [jupyter] }).copies).toHaveLength(7);
  });

  test('a record is judged by all exports of its place', () => {
    const held = [heldOf(chat, { locator: '/export.zip' })];
    const november = exportOf(chat, ['2026-10-01T00:00:00Z', '2026-11-30T00:00:00Z'], { locator: '/b.zip' });
    const cut = exportOf(chat, ['2026-11-20T00:00:00Z', '2026-11-30T00:00:00Z'], { locator: '/c.zip' });
    const purged = { purgedAt: new Map([['', purgedAt]]) };
    expect(judged({ held, roots: [october], ...purged }).copies).toMatchObject([{ reason: 'export-older' }]);
    for (const roots of [
      [october, november, cut],
      [cut, november, october],
    ])
      expect(judged({ held, roots, ...purged }).copies).toMatchObject([
        { state: 'gone', reason: 'newer-export-lacks-it' },
      ]);
  });

  test('one root that found the value is enough of a ground', () => {
    const held = [heldOf(head, { locator: '/a' }), heldOf(head, { locator: '/b', isByValue: true })];
    const roots = [rootOf(head, { locator: '/a' }), rootOf(head, { locator: '/b' })];
    expect(judged({ held, roots }).copies.map(({ ground }) => ground)).toEqual(['by-value']);
  });

  test('copies are sorted: what is there first, then the worse sort, then by place', () => {
    const gone = headLocation('acme/api', 'gone');
    const { copies } = judged({
      held: [
        heldOf(gone, { isThere: false }),
        heldOf(unreachable),
        heldOf(history),
        heldOf(headLocation('acme/web', 'x')),
        heldOf(headLocation('acme/api', 'z')),
        heldOf(headLocation('acme/api', 'a')),
      ],
      roots: [rootOf(head), rootOf(headLocation('acme/web', 'x'))],
    });
    const shown = copies.map(({ state, class: sort, location }) => {
      const { appearance } = location;
      return `${state} ${sort} ${location.placeName} ${appearance.type === 'git-blob' ? appearance.path?.text : ''}`;
    });
    expect(shown).toEqual([
      'present head acme/api a',
      'present head acme/api z',
      'present head acme/web x',
      'present history acme/api .env',
      'present unreachable acme/api lost',
      'gone head acme/api gone',
    ]);
  });

  test('a purge of one place says nothing of another', () => {
    const web = headLocation('acme/web', '.env');
    const old = { readAt: before, asOf: before };
    const input = {
      held: [heldOf(head, { isThere: false }), heldOf(web, { isThere: false })],
      roots: [rootOf(head, old), rootOf(web, old)],
    };
    expect(judged(input).verdicts).toEqual(['clean']);
    const one = judged({ ...input, purgedAt: new Map([[head.place as string, purgedAt]]) });
    expect(one.copies.map(({ state, location }) => `${state} ${location.placeName}`)).toEqual([
      'unproven acme/api',
      'gone acme/web',
    ]);
    const any = judged({ ...input, purgedAt: new Map([['', purgedAt]]) });
    expect(any.copies.every(({ state }) => state === 'unproven')).toBe(true);
    const looked = judged({ ...input, sinceScan: 6 });
    expect(looked.verdicts).toEqual(['unproven']);
  });
});

test('every sort of location is of one class', () => {
  const classes: Readonly<Record<LocationKind, string>> = {
    'git-head': 'head',
    'git-other-tip': 'head',
    'git-history': 'history',
    'git-unreachable': 'unreachable',
    'git-reflog': 'unreachable',
    'git-stash': 'history',
    'git-note': 'history',
    'git-staged': 'head',
    'git-commit-message': 'history',
    'git-tag-message': 'history',
    'git-metadata': 'history',
    'loose-file': 'head',
    'archive-entry': 'head',
    stdin: 'head',
    metadata: 'head',
    'ticket-body': 'human',
    'ticket-comment': 'human',
    'ticket-attachment': 'human',
    'chat-message': 'human',
    'chat-thread': 'human',
    'chat-file': 'human',
    'wiki-page': 'human',
    mail: 'human',
    'notebook-output': 'head',
    log: 'head',
    dump: 'head',
    profile: 'head',
    'chat-edit-history': 'human',
    'record-history': 'head',
  };
  for (const [kind, expected] of Object.entries(classes)) {
    const draft = headLocation('acme/api', '.env', { locationKind: kind as LocationKind, refs: [] });
    expect(classOf(locationOf(draft)), kind).toBe(expected);
  }
  const at = (locationKind: LocationKind, refs: readonly string[], refCount = refs.length) => {
    const draft = headLocation('acme/api', '.env', { locationKind, refs });
    return classOf(locationOf({ ...draft, appearance: { ...draft.appearance, refCount } as never }));
  };
  expect(at('git-other-tip', ['refs/heads/x'])).toBe('head');
  expect(at('git-other-tip', ['refs/tags/v1'])).toBe('history');
  expect(at('git-other-tip', ['refs/tags/v1', 'refs/heads/x'])).toBe('head');
  expect(at('git-other-tip', ['refs/tags/v1'], 2)).toBe('head');
  expect(at('git-other-tip', ['refs/pull/7/head'])).toBe('unreachable');
  expect(at('git-other-tip', ['refs/merge-requests/7/head', 'refs/pull-requests/1/from'])).toBe(
    'unreachable',
  );
  expect(at('git-other-tip', ['refs/pull/7/head', 'refs/heads/x'])).toBe('head');
  expect(at('git-commit-message', ['refs/changes/01/1/1'])).toBe('unreachable');
  expect(at('git-head', ['refs/pull/7/head'])).toBe('head');
  expect(at('git-head', ['refs/tags/v1'])).toBe('head');
  expect(at('git-other-tip', ['refs/heads/refs/pull/x'])).toBe('head');
  expect(
    classOf(locationOf(ticketLocation('PAY', '1', { record: { locationKind: 'record-history' } }))),
  ).toBe('human');
});

describe('reappeared', () => {
  const look = (verdict: string, ...also: string[]): VerdictState => ({
    at: '2026-11-12T00:00:00Z',
    verdict,
    verdicts: [verdict, ...also],
    ground: 'clean-by-value',
  });
  const returned = (input: Partial<VerifyInput>): string[] => judged(input).returned.map(({ why }) => why);

  test('at HEAD after a look that found it nowhere, or in history only', () => {
    for (const name of ['clean', 'history-remains', 'unreachable-remains'])
      expect(returned({ ...git(head), earlier: [look(name)] }), name).toEqual(['at-head-again']);
    for (const name of ['still-at-head', 'human-copies-remain', 'unproven', 'reappeared'])
      expect(returned({ ...git(head), earlier: [look(name)] }), name).toEqual([]);
    expect(returned({ ...git(head), earlier: [look('history-remains', 'unproven')] })).toEqual([]);
    expect(returned({ ...git(head), earlier: [look('history-remains', 'unreachable-remains')] })).toEqual([
      'at-head-again',
    ]);
    expect(returned(git(head))).toEqual([]);
    const first = { ...look('clean'), at: before };
    const [one] = judged({ ...git(head), earlier: [first, look('clean'), look('still-at-head')] }).returned;
    expect(one).toMatchObject({ why: 'at-head-again', cleanAt: '2026-11-12T00:00:00Z' });
  });

  test('is said of what is there, and of tips', () => {
    const earlier = [look('clean')];
    expect(returned({ ...git(history), earlier })).toEqual([]);
    expect(returned({ ...git(unreachable), earlier })).toEqual([]);
    const gone = { held: [heldOf(head, { isThere: false })], roots: [rootOf(head)] };
    expect(returned({ ...gone, earlier })).toEqual([]);
    expect(judged({ ...gone, earlier }).verdicts).toEqual(['clean']);
    expect(returned({ held: [heldOf(head)], roots: [rootOf(head, { isGone: true })], earlier })).toEqual([]);
  });

  test('in a message that was written, or edited, after that look', () => {
    const said = (record: object, earlier = [look('clean')]): string[] => {
      const draft = chatLocation('#ops', '17', { record });
      const held = [heldOf(draft, { locator: '/export.zip' })];
      return returned({ held, roots: [exportOf(draft, [before, readAt])], earlier });
    };
    expect(said({ created: '2026-11-13T00:00:00Z' })).toEqual(['newer-message']);
    expect(said({ created: '2026-11-12T00:00:00Z' })).toEqual([]);
    expect(said({ created: '2026-11-11T00:00:00Z' })).toEqual([]);
    expect(said({ created: undefined })).toEqual([]);
    const facts = { reader: 'slack-messages', source: 'x', role: 'body' };
    const edited = { created: '2026-11-11T00:00:00Z', facts: { ...facts, edited: '2026-11-14T00:00:00Z' } };
    expect(said(edited)).toEqual(['newer-message']);
    expect(said({ ...edited, facts: { ...facts, edited: '2026-11-10T00:00:00Z' } })).toEqual([]);
    expect(said({ created: '2026-11-13T00:00:00Z' }, [])).toEqual([]);
    expect(said({ created: '2026-11-13T00:00:00Z' }, [look('human-copies-remain')])).toEqual([]);
    expect(said({ created: '2026-11-13T00:00:00Z' }, [look('history-remains')])).toEqual(['newer-message']);
  });

  test('by its slots, in a tip of git', () => {
    const [one] = judged({ ...git(head), isReturned: true }).returned;
    expect(one).toMatchObject({ why: 'old-value-returned' });
    expect(one).not.toHaveProperty('cleanAt');
    expect(returned({ ...git(history), isReturned: true })).toEqual([]);
    const file = fileLocation('share', '.env');
    const loose = { held: [heldOf(file)], roots: [rootOf(file)] };
    expect(returned({ ...loose, isReturned: true })).toEqual([]);
    expect(returned({ ...loose, isReturned: true, earlier: [look('clean')] })).toEqual(['at-head-again']);
  });
});
