/** Controls in SARIF (sections 3.14.8, 3.27.8 and 3.54): results refer to entries of the run's taxonomies. */
import type { JsonRecord } from './finding-record.js';
import type { ReportConditions, ReportControl, SecretConditions } from './secret-conditions.js';

/** Collects the controls that results refer to: a log lists those only. */
export class TaxaTable {
  readonly #conditions: ReportConditions;
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #seen = new Map<string, Map<string, ReportControl>>();

  constructor(conditions: ReportConditions) {
    this.#conditions = conditions;
    this.#indexes = new Map(conditions.taxonomies.map(({ name }, index) => [name, index]));
  }

  /** What a result says of its secret; empty where nothing was computed. */
  fields(fingerprint: string): {
    readonly taxa?: readonly JsonRecord[];
    readonly conditions?: readonly string[];
  } {
    const found = this.#conditions.of(fingerprint);
    return found === undefined ? {} : { taxa: this.#taxa(found), conditions: found.conditions };
  }

  #taxa({ controls }: SecretConditions): readonly JsonRecord[] {
    return controls.flatMap((control) => {
      const index = this.#indexes.get(control.taxonomy);
      if (index === undefined) return [];
      const seen = this.#seen.get(control.taxonomy) ?? new Map<string, ReportControl>();
      this.#seen.set(control.taxonomy, seen.set(control.id, control));
      return [{ id: control.id, toolComponent: { name: control.taxonomy, index } }];
    });
  }

  /** For `run.taxonomies`, in the order of their indexes. */
  taxonomies(): readonly JsonRecord[] {
    return this.#conditions.taxonomies.map(({ name, title, organization, version, uri }) => ({
      name,
      organization,
      version,
      informationUri: uri,
      shortDescription: { text: `${title}. A result that refers to an entry is evidence against it.` },
      isComprehensive: false,
      taxa: [...(this.#seen.get(name) ?? new Map<string, ReportControl>()).values()]
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .map((control) => ({
          id: control.id,
          ...(control.name === undefined ? {} : { name: control.name }),
        })),
    }));
  }

  /** For `tool.driver.supportedTaxonomies`. */
  references(): readonly JsonRecord[] {
    return this.#conditions.taxonomies.map(({ name }, index) => ({ name, index }));
  }
}
