/** Versions of files as packs hold them: lines about which detectors decide, edits inside and between them, moved parts. */
import fc from 'fast-check';

export const token = `tst_${'Zx81kQp0aa7Lm3Wq'}${'55Yt29Cv64Bn83Pd'}`;

/** Lines of the sorts that detectors, escape regions and encoded runs look at, and of none. */
export const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.integer({ min: 0, max: 400 }).map((n) => `  if (count_${n} > 7) return next(${n});`),
  },
  { weight: 2, arbitrary: fc.constantFrom('', '}', '  /* the token of the key, see auth */') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'password = "',
      'config.token: ',
      '  "name": "api_secret",',
      '  "value": "Zx81kQp0aa7Lm3Wq55"',
      'password',
      'user = alice',
      'printf("a\\n\\"token\\": \\"%s\\"\\n", token);',
      'x = "{\\"password\\": \\"Xk29dkeoQ1mzP0s\\"}"',
      'url = https://bob:Tr0ub4dor%21x9@db.example.net/main',
      'see %2Fhome%2Ftoken%3Dabc&amp;x',
      'password = "Xk29dkeoQ1mzP0s"',
      `acme ${token}`,
      `-----BEGIN ${'RSA'} PRIVATE KEY-----`,
      Buffer.from('password = "kQ81zzLm0paW44" and more of it\n').toString('base64'),
      '  token: "Zx81kQp0aa7Lm3Wq55Yt29Cv",',
      '  signature: "x",',
      '  timestamp: 1700000000,',
      'password:',
      '  "db_password": {',
      '    default: "Xk29dkeoQ1mzP0s"',
      `    default: "Xk29dkeoQ1mzP0s${'pQ7'.repeat(120)}"`,
      '    type: string # of a definition that says more before it comes to its default, as they do',
      '<property name="password"',
      '  kind="text">',
      '<value>Xk29dkeoQ1mzP0s</value></property>',
      '<password>',
      'password=',
      '- name: DB_PASSWORD',
      '  value: Xk29dkeoQ1mzP0s',
      `${' '.repeat(300)}value: "Xk29dkeoQ1mzP0s"`,
      'kind: Secret',
      'data:',
      `  token: ${Buffer.from('Zx81kQp0aa7Lm3').toString('base64')}`,
      'stringData:',
      '---',
      'curl https://x.internal \\',
      '  -u bob:Tr0ub4dor!x9 \\',
      'insert into users (login, password) values',
      "  ('bob', 'Tr0ub4dor!x9'),",
      '| login | password |',
      '|-------|----------|',
      '| bob | Tr0ub4dor!x9 |',
      'password = <<EOF',
      'password = """',
      'Tr0ub4dor!x9',
      'EOF',
      'x = "Tr0ub" +',
      '  "4dor!x9";',
      'password = "Tr0ub" +',
      'the new password',
      'Tr0ub4dor!x9 is the password',
      'mysqli_connect("db", "bob",',
      '  "Tr0ub4dor!x9");',
      'dsn := "bob:Tr0ub4dor!x9@tcp(db)/main"',
      'echo "bob:Tr0ub4dor!x9" | chpasswd',
      'q'.repeat(900),
      ' '.repeat(700),
    ),
  },
);
export const lines = fc.array(line, { minLength: 90, maxLength: 260 });

/** What a delta says: copy from the base, or add. Shares are of the base's length. */
export const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 900 })),
      add: fc.oneof(
        fc.array(line, { maxLength: 6 }).map((added) => added.map((text) => `${text}\n`).join('')),
        fc.constantFrom('', 'x', '"', '=', ' ', '\n', 'password = "', 'Zx81', '\u00e9', '%41', '\\n'),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.integer({ min: 1, max: 4000 }),
    }),
  },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Piece = { readonly from: number; readonly to: number } | string;

export interface Version {
  readonly bytes: Buffer;
  /** As the pack reader gives them. */
  readonly copies: number[];
  readonly changed: number[];
}

/** Bytes by which a changed range is widened. */
const width = 16;

function piecesOf(length: number, steps: readonly Step[]): Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  for (const next of [...steps].sort((a, b) => a.at - b.at)) {
    const at = Math.max(done, Math.floor(next.at * length));
    if (at > done) pieces.push({ from: done, to: at });
    done = at;
    if ('add' in next) {
      if (next.add !== '') pieces.push(next.add);
      done = Math.min(length, at + next.remove);
    } else {
      const from = Math.floor(next.from * length);
      if (from < length) pieces.push({ from, to: Math.min(length, from + next.length) });
    }
  }
  if (done < length) pieces.push({ from: done, to: length });
  return pieces;
}

/** Runs of copied text: a copy that goes on where the one before ended is no seam. */
export function versionOf(base: Buffer, steps: readonly Step[]): Version {
  const parts: Buffer[] = [];
  const copies: number[] = [];
  let length = 0;
  for (const piece of piecesOf(base.length, steps)) {
    const part = typeof piece === 'string' ? Buffer.from(piece) : base.subarray(piece.from, piece.to);
    if (typeof piece !== 'string') {
      const last = copies.length - 3;
      const isGoingOn =
        last >= 0 &&
        copies[last + 1] === length &&
        (copies[last + 2] as number) + length - (copies[last] as number) === piece.from;
      if (isGoingOn) copies[last + 1] = length + part.length;
      else copies.push(length, length + part.length, piece.from);
    }
    parts.push(part);
    length += part.length;
  }
  const bytes = Buffer.concat(parts);
  return { bytes, copies, changed: changedRanges(copies, bytes.length, base.length) };
}

/** What lies outside every copy shrunk by `width` at each cut edge. */
export function changedRanges(copies: readonly number[], length: number, baseLength: number): number[] {
  const changed: number[] = [];
  let from = 0;
  for (let i = 0; i < copies.length; i += 3) {
    const [start = 0, end = 0, base = 0] = copies.slice(i, i + 3);
    const cutBefore = start === 0 && base === 0 ? 0 : width;
    const cutBehind = end === length && base + end - start === baseLength ? 0 : width;
    if (end - start <= cutBefore + cutBehind) continue;
    if (start + cutBefore > from) changed.push(from, start + cutBefore);
    from = end - cutBehind;
  }
  if (from < length) changed.push(from, length);
  return changed;
}

export interface Edit {
  readonly steps: readonly Step[];
  /** How many versions before the last one the edited one is: in a pack many are made from one. */
  readonly back: number;
}

/** A file and its versions, each made from one before it, mostly the last. */
export const history = fc.record({
  first: lines.map((text) => Buffer.from(text.join('\n'))),
  edits: fc.array(
    fc.record({
      steps: fc.array(step, { minLength: 1, maxLength: 5 }),
      back: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(4) }),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});
