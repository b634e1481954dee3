/** Owners that the file of a copy names itself: tags of Terraform, labels of Kubernetes. */
import type { FactConfidence } from '../../fact.js';
import { agreed, type NamedOwner, nodeAt, readYaml, textOf } from './manifests.js';

const tagLine = /^\s*"?(owner|team)"?\s*[=:]\s*"([^"$]{1,200})"/i;

/** Tags and labels of all blocks of a file; block by block, since `owner` means something else outside of them. */
function terraformTags(text: string): readonly NamedOwner[] {
  const found: NamedOwner[] = [];
  let isInside = false;
  text.split('\n').forEach((line, index) => {
    if (/\b(?:tags|tags_all|labels)\b.*\{/.test(line)) isInside = true;
    const tag = isInside ? tagLine.exec(line) : null;
    if (tag !== null) {
      const field = `tags.${tag[1]?.toLowerCase()}`;
      found.push({ written: tag[2] ?? '', line: index + 1, field, confidence: 'probable' });
    }
    if (line.includes('}')) isInside = false;
  });
  return found;
}

/** The last one names an application and not who answers for it. */
const labels: readonly (readonly [string, FactConfidence])[] = [
  ['owner', 'probable'],
  ['team', 'probable'],
  ['app.kubernetes.io/part-of', 'weak'],
];

function kubernetesLabels(text: string): readonly NamedOwner[] {
  if (!/^\s*["']?labels["']?\s*:/m.test(text)) return [];
  const file = readYaml(text);
  return file.documents.flatMap((document) =>
    labels
      .flatMap(([label, confidence]): NamedOwner[] => {
        const node = nodeAt(document, 'metadata', 'labels', label);
        const written = textOf(node);
        const field = `metadata.labels.${label}`;
        return written === undefined ? [] : [{ written, line: file.lineOf(node), field, confidence }];
      })
      .slice(0, 1),
  );
}

/** Owner by tags and labels; nobody when the blocks of the file name different ones. */
export function labelledOwner(path: string, text: string): readonly NamedOwner[] {
  if (/\.tf(?:\.json)?$/.test(path)) {
    const tags = terraformTags(text);
    const owners = tags.filter(({ field }) => field === 'tags.owner');
    return agreed(owners.length > 0 ? owners : tags);
  }
  return /\.ya?ml$/.test(path) ? agreed(kubernetesLabels(text)) : [];
}
