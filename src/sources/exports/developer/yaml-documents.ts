/** Documents of a YAML text. */
import { Document, parseAllDocuments } from 'yaml';
import { isShallowYaml } from '../../../model/shallow-yaml.js';
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
  for (const document of parsed(text, report)) {
    if (document.errors.length > 0) report(`YAML is broken at character ${document.errors[0]?.pos[0] ?? 0}`);
    try {
      documents.push(document.toJS({ maxAliasCount: maxAliases }));
    } catch {
      report('YAML with too many aliases, or nested too deeply');
    }
  }
  return { documents, isDamaged };
}

function parsed(text: string, report: (detail: string) => void): readonly Document[] {
  if (!isShallowYaml(text)) {
    report('YAML is nested too deeply');
    return [];
  }
  try {
    return parseAllDocuments(text, { logLevel: 'silent', prettyErrors: false }).filter(
      (document) => document instanceof Document,
    );
  } catch {
    // The parser calls itself for each level of nesting.
    report('YAML is nested too deeply');
    return [];
  }
}
