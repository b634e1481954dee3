/** The beginning that every match of a pattern has, without repeats that have no bound. */
import { emptySequence, type Re2Node, sequenceOf } from './ast.js';

interface Head {
  readonly node: Re2Node;
  /** True when what follows in the pattern no longer follows here. */
  readonly isCut: boolean;
}

/** A pattern of bounded width of which each match of `node` has a match as its beginning. */
export function headOf(node: Re2Node): Re2Node {
  return cut(node).node;
}

function cut(node: Re2Node): Head {
  switch (node.type) {
    case 'set':
    case 'border':
      return { node, isCut: false };
    case 'group':
      return cut(node.inner);
    case 'choice': {
      const heads = node.parts.map(cut);
      return {
        node: { type: 'choice', parts: heads.map((head) => head.node) },
        isCut: heads.some((head) => head.isCut),
      };
    }
    case 'sequence':
      return cutSequence(node.parts);
    case 'repeat':
      return cutRepeat(node);
    default:
      throw new TypeError(node satisfies never);
  }
}

function cutSequence(parts: readonly Re2Node[]): Head {
  const kept: Re2Node[] = [];
  for (const part of parts) {
    const head = cut(part);
    kept.push(head.node);
    if (head.isCut) return { node: sequenceOf(kept), isCut: true };
  }
  return { node: sequenceOf(kept), isCut: false };
}

function cutRepeat(node: Extract<Re2Node, { type: 'repeat' }>): Head {
  const inner = cut(node.inner);
  if (inner.isCut) return { node: node.min === 0 ? emptySequence : inner.node, isCut: true };
  if (Number.isFinite(node.max)) return { node: { ...node, inner: inner.node }, isCut: false };
  return {
    node: node.min === 0 ? emptySequence : { ...node, inner: inner.node, max: node.min },
    isCut: true,
  };
}

/** The tree without its borders: it matches all that the tree does, and more. */
export function withoutBorders(node: Re2Node): Re2Node {
  switch (node.type) {
    case 'set':
      return node;
    case 'border':
      return emptySequence;
    case 'group':
      return withoutBorders(node.inner);
    case 'repeat':
      return { ...node, inner: withoutBorders(node.inner) };
    case 'sequence':
    case 'choice':
      return { type: node.type, parts: node.parts.map(withoutBorders) };
    default:
      throw new TypeError(node satisfies never);
  }
}
