/** What the readers of assignments agree on: where a name and its value stand, and in which syntax they meet. */
import type { Value } from './literal.js';

export const forms = [
  'quoted',
  'bare',
  'xml-text',
  'pair',
  'flag',
  'prose',
  'comparison',
  'argument',
  'wrapped',
  'query',
  'juxtaposed',
  'call',
  'markup',
] as const;
/** Syntax in which name and value meet; the judge trusts them differently. */
export type Form = (typeof forms)[number];

export interface NameSpan {
  readonly start: number;
  readonly end: number;
}

export interface Assignment {
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Quote byte round the value; 0 when it is bare. */
  readonly quote: number;
  readonly form: Form;
  /** True when no blank stands between name, operator and value: `A=b`, not `a = b`. */
  readonly isTight: boolean;
  /** First byte of the operator; 0 when there is none. */
  readonly operator: number;
  /** The value was drawn from all signs and is the rest of its line, whatever it begins with. */
  readonly isWholeLine?: boolean;
}

/** Makes an assignment of a value that a reader found, or of none. */
export type Found = (
  value: Value | undefined,
  form: Form,
  operator?: number,
  isTight?: boolean,
) => Assignment | undefined;

export function foundFor(name: NameSpan): Found {
  return (value, form, operator = 0, isTight = false) =>
    value === undefined
      ? undefined
      : {
          nameStart: name.start,
          nameEnd: name.end,
          valueStart: value.start,
          valueEnd: value.end,
          quote: value.quote,
          form,
          isTight,
          operator,
        };
}
