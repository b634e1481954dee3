/** Documents of a YAML text. */
import { parseAllDocuments } from 'yaml';
import type { RecordSink } from '../contract.js';

/** References to one anchor; more are a text made to fill the memory. */
const maxAliases = 100;

export interface YamlDocuments {
  readonly documents: readonly unknown[];
  /** True when some of the text is in no document: then the text itself is to be handed over as well. */
  readonly isDamaged: boolean;
}

/** The documents as far as they can be read; damage is reported to `sink`. */
export function yamlDocuments(text: string, sink: RecordSink): YamlDocuments {
  const documents: unknown[] = [];
  let isDamaged = false;
  const report = (detail: string): void => {
    isDamaged = true;
    sink.note('malformed');
    sink.damaged(detail);
  };
  for (const document of parseAllDocuments(text, { logLevel: 'silent' })) {
    if (!('toJS' in document)) continue;
    if (document.errors.length > 0) report(`YAML is broken at character ${document.errors[0]?.pos[0] ?? 0}`);
    try {
      documents.push(document.toJS({ maxAliasCount: maxAliases }));
    } catch {
      report('YAML with too many aliases');
    }
  }
  return { documents, isDamaged };
}
