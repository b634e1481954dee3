import { describe, expect, it } from 'vitest';
import type { Draft } from '../../../src/detect/draft.js';
import { detectKubernetesSecret } from '../../../src/detect/kubernetes-secret.js';
import { makeRule } from './rule-fixture.js';

const rule = makeRule('k8s', [], { detector: 'kubernetes-secret', specificity: 1, confidence: 'medium' });
const value = ['trkg', 'A47', '!mkl', 'vw'].join('');
const base64 = Buffer.from(value).toString('base64');

function found(text: string): string[] {
  const bytes = Buffer.from(text);
  const drafts: Draft[] = [];
  for (const match of text.matchAll(/["']?kind["']?:\s?["']?secret["']?/gi)) {
    detectKubernetesSecret(rule, bytes, match.index, match.index + match[0].length, (draft) =>
      drafts.push(draft),
    );
  }
  for (const { start, end, layers } of drafts) {
    expect(bytes.toString('latin1', start, end)).toBe(layers.length > 0 ? base64 : value);
  }
  return drafts.map((draft) => draft.value.reveal().toString());
}

describe('a Kubernetes Secret', () => {
  it.each([
    `kind: Secret\ndata:\n  any: ${base64}\n`,
    `data:\n  any: ${base64}\nkind: Secret\n`,
    `kind: "Secret"\nstringData:\n  any: ${value}\n`,
    `kind: 'Secret'\r\nstringData:\r\n    any: "${value}"\r\n`,
    `  kind: Secret\n  stringData:\n    any: ${value}\n`,
    `- apiVersion: v1\n  kind: Secret\n  data:\n    any: ${base64}\n`,
    `kind: List\nitems:\n- apiVersion: v1\n  data:\n    any: ${base64}\n  kind: Secret\n`,
    `kind: Secret\ndata: {any: ${base64}, user: eA==}\n`,
    `kind: Secret\ndata: {"any": "${base64}"}\n`,
    `kind: Secret\nstringData:\n  any: |-\n    ${value}\n  other: x\n`,
    `kind: Secret\n\n# note\ndata:\n  # note\n  any: ${base64} # note\n`,
    `{"kind":"Secret","data":{"any":"${base64}"}}`,
    `{"data":{"any":"${base64}"},"kind":"Secret"}`,
  ])('gives its value: %s', (text) => {
    expect(found(text)).toEqual([value]);
  });

  it.each([
    `kind: SecretStore\ndata:\n  any: ${base64}\n`,
    `kind: ConfigMap\ndata:\n  any: ${base64}\n---\nkind: Secret\nmetadata:\n  name: x\n`,
    `items:\n- kind: ConfigMap\n  data:\n    any: ${base64}\n- kind: Secret\n  metadata:\n    name: x\n`,
    `kind: Secret\nstringData:\n  config.yaml: |\n    user: x\n    any: ${value}\n`,
    'kind: Secret\nstringData:\n  any: $' + '{TOKEN}\n',
  ])('is silent for %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('ends for a text of nothing but kinds', () => {
    expect(found('kind: Secret\n'.repeat(20_000))).toEqual([]);
  });
});
