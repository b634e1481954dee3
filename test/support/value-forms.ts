/** Every form in which a value could have been written by mistake, and a search for them. */

/** Shortest part of a value that counts as a leak: a preview shows at most a prefix and four characters. */
const partLength = 12;

/** The three ways base64 can write a run of bytes in the middle of others, without the ends that depend on them. */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(shift === 0 ? 0 : 4, -3);
  });
}

/** Windows over the value: every part of `partLength` characters, and the encoded forms of the whole. */
export function leakForms(value: string): ReadonlySet<string> {
  const bytes = Buffer.from(value);
  const forms = new Set<string>();
  for (let i = 0; i + partLength <= value.length; i++) forms.add(value.slice(i, i + partLength));
  const hex = bytes.toString('hex');
  for (const form of [
    ...base64Cores(bytes),
    ...base64Cores(bytes).map((core) => core.replaceAll('+', '-').replaceAll('/', '_')),
    hex,
    hex.toUpperCase(),
    [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join(''),
    [...value].reverse().join(''),
    Buffer.from(value, 'utf16le').toString('latin1'),
  ])
    if (form.length >= partLength) forms.add(form);
  return forms;
}

/** Forms of the value that stand in the bytes; `public_` are texts that may (a rule's fixed prefix). */
export function leaksIn(bytes: Buffer, value: string, publicTexts: readonly string[] = []): string[] {
  return [...leakForms(value)].filter(
    (form) => !publicTexts.some((text) => text.includes(form)) && bytes.includes(Buffer.from(form, 'latin1')),
  );
}
