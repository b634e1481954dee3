/** Columns of a provider row that are computed from its written ones, so that two columns cannot disagree. */
import type { ProviderRow } from './provider-table.js';

/** What is computed. */
export type DerivedColumns = Pick<
  ProviderRow,
  | 'class'
  | 'overlap'
  | 'slots'
  | 'reversibleDisable'
  | 'revocation'
  | 'cascade'
  | 'userBound'
  | 'opener'
  | 'publishable'
>;

export const writtenClasses = ['static', 'renewable', 'ephemeral', 'unknown', 'publishable'] as const;

/** What the computed columns come from. */
export interface WrittenColumns {
  readonly class: (typeof writtenClasses)[number];
  readonly twoAtOnce: string;
  readonly revoking: string;
  readonly alsoBreaks: string;
}

/** Starts a part of `alsoBreaks` that names credentials made with this one. */
const derivedMark = 'derived: ';
const openerMark = 'second ring';
const userBoundMark = 'dies with the account';

type Overlap = ProviderRow['overlap'];

/** A second principal (`alt`) is not a second value: whether it can be made only an inventory says. */
const overlaps: Readonly<Record<string, Overlap>> = {
  yes: 'yes',
  grace: 'yes',
  no: 'no',
  staged: 'no',
  'n/a': 'not-applicable',
  none: 'not-applicable',
  alt: 'unknown',
  limited: 'unknown',
  depends: 'unknown',
  unknown: 'unknown',
};
const revocations: readonly ProviderRow['revocation'][] = ['now', 'grace', 'expiry', 'none', 'unknown'];

export const twoAtOnceGrammar: string = `must be one of ${Object.keys(overlaps).join(', ')}, then how many, then (?) for doubt, then a note in parentheses`;
export const revokingGrammar: string = `must be one of ${revocations.join(', ')}, then ", off" when it can be switched on again, then (?) for doubt, then a note in parentheses`;

/** `yes 2 (?) (note)`: whether and how many values are valid together. Undefined when it is not in the grammar. */
export function overlapOf(text: string): Pick<ProviderRow, 'overlap' | 'slots'> | undefined {
  const parts = /^([a-z/]+)(?: (\d{1,6}))?( \(\?\))?(?: \(.+\))?$/.exec(text);
  const overlap = overlaps[parts?.[1] ?? ''];
  if (overlap === undefined) return undefined;
  if (parts?.[3] !== undefined) return { overlap: 'unknown' };
  return parts?.[2] === undefined ? { overlap } : { overlap, slots: Number(parts[2]) };
}

/** `now, off (note)`: how it ends, and whether that can be undone. Undefined when it is not in the grammar. */
export function revocationOf(
  text: string,
): Pick<ProviderRow, 'revocation' | 'reversibleDisable'> | undefined {
  const parts = /^([a-z]+)(, off)?( \(\?\))?(?: \(.+\))?$/.exec(text);
  const revocation = revocations.find((known) => known === parts?.[1]);
  if (revocation === undefined) return undefined;
  const isDoubtful = parts?.[3] !== undefined;
  return {
    revocation: isDoubtful ? 'unknown' : revocation,
    reversibleDisable: parts?.[2] !== undefined && !isDoubtful,
  };
}

/** All computed columns; undefined when `twoAtOnce` or `revoking` is not in its grammar. */
export function derivedColumns(written: WrittenColumns): DerivedColumns | undefined {
  const overlap = overlapOf(written.twoAtOnce);
  const revocation = revocationOf(written.revoking);
  if (overlap === undefined || revocation === undefined) return undefined;
  const breaks = written.alsoBreaks.split('; ');
  const isPublishable = written.class === 'publishable';
  return {
    class: isPublishable ? 'static' : written.class,
    ...overlap,
    ...revocation,
    cascade: breaks.some((part) => part.startsWith(derivedMark)),
    userBound: breaks.some((part) => part.includes(userBoundMark)),
    opener: breaks.some((part) => part.startsWith(openerMark)),
    publishable: isPublishable,
  };
}

const unitMs: Readonly<Record<string, number>> = { min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `36 h` in milliseconds; undefined when it is not written so. */
export function lifeMs(text: string): number | undefined {
  const parts = /^(\d{1,6}) (min|h|d)$/.exec(text);
  const unit = unitMs[parts?.[2] ?? ''];
  return unit === undefined ? undefined : Number(parts?.[1]) * unit;
}
