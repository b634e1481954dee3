/**
 * Reads XML 1.0 without a document type, and throws where it is not well-formed. Strict on purpose: parsers for what is
 * out there forgive what a CI system does not.
 */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function decoded(text: string): string {
  if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(text)) throw new Error(`Stray ampersand in ${text}`);
  if (text.includes(']]>')) throw new Error(`End of a CDATA section in ${text}`);
  return text.replace(/&([^;]+);/g, (_, name: string) => entities[name] ?? '');
}

function attributesOf(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const rest = text.replace(/\s+([a-z]+)="([^"<]*)"/g, (_, name: string, value: string) => {
    if (name in found) throw new Error(`Attribute ${name} twice`);
    found[name] = decoded(value);
    return '';
  });
  if (rest.trim() !== '') throw new Error(`Not an attribute: ${rest}`);
  return found;
}

export function parseXml(document: string): XmlElement {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids these
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/u.test(document))
    throw new Error('Forbidden character');
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const body = document.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  for (const [, tag, text = ''] of body.matchAll(/<([^>]*)>|([^<]+)/g)) {
    const parent = open.at(-1) ?? root;
    if (tag === undefined) parent.text += decoded(text);
    else if (tag.startsWith('/')) {
      if (open.pop()?.name !== tag.slice(1)) throw new Error(`Closed out of turn: ${tag}`);
    } else {
      const [, name = '', rest = '', end] = /^([a-z]+)((?:\s+[a-z]+="[^"]*")*)\s*(\/?)$/.exec(tag) ?? [];
      if (name === '') throw new Error(`Not a tag: <${tag}>`);
      const element: XmlElement = { name, attributes: attributesOf(rest), children: [], text: '' };
      parent.children.push(element);
      if (end !== '/') open.push(element);
    }
  }
  const [only] = root.children;
  if (open.length !== 1 || only === undefined || root.children.length !== 1 || root.text.trim() !== '') {
    throw new Error('Not one closed root element');
  }
  return only;
}
