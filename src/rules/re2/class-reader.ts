/** Reads `[…]` of RE2's syntax. */
import { Re2SyntaxError } from './ast.js';
import { type ClassMembers, join, negated, noMembers, posixClasses, setOf } from './class.js';
import { type Escape, readEscape } from './escape.js';

/** A range beyond ASCII with more characters stands for all of them. */
const mostSpelled = 64;

export class ClassReader {
  /** Behind the closing bracket once {@link read} is done. */
  at: number;
  readonly #source: string;
  readonly #start: number;

  /** @param at behind the opening bracket */
  constructor(source: string, at: number) {
    this.#source = source;
    this.#start = at;
    this.at = at;
  }

  read(): ClassMembers {
    const isNegated = this.#source.charAt(this.at) === '^';
    if (isNegated) this.at++;
    const first = this.at;
    let members = noMembers;
    while (this.#source.charAt(this.at) !== ']' || this.at === first) {
      if (this.at >= this.#source.length) throw new Re2SyntaxError('a [ without its ]', this.#start - 1);
      members = join(members, this.#posix() ?? this.#item());
    }
    this.at++;
    return isNegated ? negated(members) : members;
  }

  #posix(): ClassMembers | undefined {
    const match = /^\[:(\^?)(\w{1,10}):\]/.exec(this.#source.slice(this.at, this.at + 20));
    if (match === null) return undefined;
    const set = posixClasses[match[2] ?? ''];
    if (set === undefined) throw new Re2SyntaxError('a class name that RE2 does not have', this.at);
    this.at += match[0].length;
    const members: ClassMembers = { ...noMembers, set };
    return match[1] === '^' ? negated(members) : members;
  }

  #one(): Escape {
    if (this.#source.charAt(this.at) === '\\') return readEscape(this.#source, this.at + 1);
    const char = String.fromCodePoint(this.#source.codePointAt(this.at) ?? 0);
    return { char, end: this.at + char.length };
  }

  #item(): ClassMembers {
    const low = this.#one();
    const at = this.at;
    this.at = low.end;
    if ('members' in low) return low.members;
    const next = this.#source.charAt(this.at + 1);
    if (this.#source.charAt(this.at) !== '-' || next === ']' || next === '')
      return rangeOf(low.char, low.char);
    this.at++;
    const high = this.#one();
    if ('members' in high) throw new Re2SyntaxError('a range that ends with a class', at);
    this.at = high.end;
    if ((low.char.codePointAt(0) ?? 0) > (high.char.codePointAt(0) ?? 0)) {
      throw new Re2SyntaxError('a range whose ends are the wrong way round', at);
    }
    return rangeOf(low.char, high.char);
  }
}

function rangeOf(low: string, high: string): ClassMembers {
  const from = low.codePointAt(0) ?? 0;
  const to = high.codePointAt(0) ?? 0;
  const set = from < 0x80 ? setOf([from, Math.min(to, 0x7f)]) : noMembers.set;
  if (to < 0x80) return { ...noMembers, set };
  const first = Math.max(from, 0x80);
  if (to - first >= mostSpelled) return { set, wide: [], anyWide: true };
  const wide = Array.from({ length: to - first + 1 }, (_, i) => String.fromCodePoint(first + i));
  return { set, wide, anyWide: false };
}
