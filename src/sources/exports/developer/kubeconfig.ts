/** kubeconfig, YAML or JSON: clusters, users and contexts are records. */
import type { ExportReader, Probe, Recognition, RecordText } from '../contract.js';
import { decodeHead } from '../decode-text.js';
import { folderPlace, RecordIds } from '../generic/file-place.js';
import { noClaims, unclaimedTexts } from '../leaves.js';
import { isObject, type JsonObject, memberOf, stringOf } from '../object-texts.js';
import { yamlDocuments } from './yaml-documents.js';

const maxBytes = 16 * 1024 * 1024;
const kinds = ['users', 'clusters', 'contexts', 'preferences', 'extensions'] as const;

export const kubeconfig: ExportReader = {
  id: 'kubeconfig',
  system: 'kubeconfig',
  label: 'kubeconfig',
  most: 0.95,
  jsonKeys: ['clusters'],
  recognise,
  async read(file, sink) {
    const text = decodeHead(await file.bytes(maxBytes));
    const place = folderPlace(file);
    const ids = new RecordIds(file);
    const give = (id: string, texts: readonly RecordText[]): void => {
      if (texts.length === 0) return;
      sink.record({
        place,
        type: 'setting',
        id: ids.next(id),
        title: id,
        revision: { state: 'current' },
        texts,
      });
    };
    const { documents, isDamaged } = yamlDocuments(text, sink);
    if (isDamaged) give('text', [{ text, dialect: 'code', field: { path: 'text', role: 'setting' } }]);
    for (const config of documents.filter(isObject)) {
      for (const kind of kinds) giveEntries(config, kind, give);
      const rest = Object.fromEntries(
        Object.entries(config).filter(([key]) => !kinds.includes(key as never)),
      );
      give('config', unclaimedTexts(rest, noClaims, { role: 'setting' }));
    }
    give('comments', commentTexts(text));
  },
};

function recognise({ text, json }: Probe): Recognition | undefined {
  const isConfig =
    json === undefined
      ? /^kind:\s*["']?Config["']?\s*$/m.test(text) && /^(?:users|clusters|contexts):/m.test(text)
      : ['clusters', 'users', 'contexts'].every((key) => json.keys.includes(key)) &&
        (json.keys.includes('current-context') || /"kind"\s*:\s*"Config"/.test(text));
  return isConfig ? { score: 0.95, reason: 'kind Config with clusters, users, contexts' } : undefined;
}

function giveEntries(
  config: JsonObject,
  kind: string,
  give: (id: string, texts: readonly RecordText[]) => void,
): void {
  const entries = memberOf(config, kind);
  for (const [index, entry] of (Array.isArray(entries) ? entries : [entries]).entries()) {
    const name = (isObject(entry) ? stringOf(entry, 'name') : undefined) ?? String(index);
    give(`${kind}/${name}`, unclaimedTexts(entry, noClaims, { role: 'setting' }));
  }
}

/** Old credentials live in comments. */
function commentTexts(text: string): RecordText[] {
  const comments = text.split(/\r?\n/).flatMap((line) => {
    const comment = /^\s*#+(.*)$/.exec(line)?.[1] ?? '';
    return comment.trim() === '' ? [] : [comment.trim()];
  });
  if (comments.length === 0) return [];
  return [{ text: comments.join('\n'), dialect: 'plain', field: { path: '#', role: 'comment' } }];
}
