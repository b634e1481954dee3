/**
 * Conditions of secrets as reports show them, with the controls that they are evidence against. They are computed
 * elsewhere and handed in; no report says that anybody complies with anything.
 */

/** A catalogue of controls. */
export interface ReportTaxonomy {
  readonly name: string;
  readonly title: string;
  readonly organization: string;
  readonly version: string;
  readonly uri: string;
}

export interface ReportControl {
  readonly id: string;
  /** Name of its {@link ReportTaxonomy}. */
  readonly taxonomy: string;
  readonly name?: string;
}

export interface SecretConditions {
  /** Ids, sorted. */
  readonly conditions: readonly string[];
  /** Sorted by id. */
  readonly controls: readonly ReportControl[];
}

export interface ReportConditions {
  readonly taxonomies: readonly ReportTaxonomy[];
  /** Undefined for secrets that were not looked at. */
  of(fingerprint: string): SecretConditions | undefined;
}

/** Fields of a record; none where nothing was computed. */
export function conditionFields(
  conditions: ReportConditions | undefined,
  fingerprint: string,
): Readonly<Record<string, unknown>> {
  const found = conditions?.of(fingerprint);
  if (found === undefined) return {};
  return { conditions: found.conditions, controls: found.controls.map(({ id }) => id) };
}

/** `evidence against NHI2, PR.DS-01`. */
export function controlText({ controls }: SecretConditions): string {
  return controls.length === 0 ? '' : `evidence against ${controls.map(({ id }) => id).join(', ')}`;
}
