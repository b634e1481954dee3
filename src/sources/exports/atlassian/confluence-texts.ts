/** Texts of Confluence's objects: bodies by their type, settings by their name, and the product's own credentials. */
import type { FieldRole } from '../../../model/appearance.js';
import type { RecordText } from '../contract.js';
import { isNoise, jsonInString, labelOf, noClaims, unclaimedTexts } from '../leaves.js';
import { readXmlText } from '../xml-pieces.js';
import { adfTexts, isAdf } from './adf.js';
import { append } from './append.js';
import type { ConfluenceObject } from './confluence-objects.js';
import { leavesOf, type XmlNode, XmlTrees } from './xml-trees.js';

/** Values of `bodyType`. */
const wikiBody = '0';
const rawBody = '1';

/** Texts of a `BodyContent`. */
export function bodyTexts(body: string, bodyType: string | undefined, role: FieldRole): RecordText[] {
  if (body.trim() === '') return [];
  const json = jsonInString(withoutQuotes(body));
  if (isAdf(json)) return adfTexts(json, 'body', role);
  if (bodyType === rawBody)
    return json === undefined
      ? [{ text: body, dialect: 'plain', field: { path: 'body', role } }]
      : unclaimedTexts(json, noClaims, { prefix: 'body', role: 'metadata' });
  // Before Confluence 4 no type was written.
  const isWiki = bodyType === wikiBody || (bodyType === undefined && !/<\/?[a-z][\w:-]*[\s/>]/.test(body));
  return isWiki
    ? [{ text: body, dialect: 'jira-wiki', field: { path: 'body', role } }]
    : [{ text: withInnerCdata(body), dialect: 'confluence-storage', field: { path: 'body', role } }];
}

/** The string that a JSON text consists of, which can be JSON again. */
function withoutQuotes(body: string): string {
  if (!body.startsWith('"')) return body;
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'string' ? value : body;
  } catch {
    return body;
  }
}

/** The end of a CDATA section within the body, which the export writes with a blank in it. */
function withInnerCdata(body: string): string {
  return body.includes('<![CDATA[') ? body.replaceAll(']] >', ']]>') : body;
}

/** Both halves of a link: an address is kept as scheme and rest, a page as space and title. */
export function linkText(object: ConfluenceObject): string {
  const { properties } = object;
  const parts = ['destinationSpaceKey', 'destinationPageTitle'].map(
    (name) => properties.get(name)?.text.trim() ?? '',
  );
  return parts.filter((part) => part !== '').join(':');
}

/** Classes of credentials that Confluence itself made, with the properties that hold them. */
const ownCredentials: Readonly<Record<string, readonly string[]>> = {
  InternalUser: ['credential'],
  InternalUserCredentialRecord: ['passwordHash', 'credential'],
  DefaultHibernateUser: ['password'],
  ApplicationImpl: ['credential'],
  ConfluenceRememberMeToken: ['token'],
  InternalUserAttribute: ['value'],
  AliasedKey: ['key'],
  KeyStore: ['key'],
};

/** Properties of a closed set of words or numbers; what else stands there is text all the same. */
const wordProperties: ReadonlySet<string> = new Set([
  'contentStatus',
  'spaceStatus',
  'contentType',
  'bodyType',
]);
const closedWord = /^(?:[A-Za-z_.:-]{1,100}|\d{1,4})$/;

/** What is left of an object beside the properties that a reader handles. */
export function otherTexts(
  object: ConfluenceObject,
  handled: ReadonlySet<string>,
  role: FieldRole,
): RecordText[] {
  const texts: RecordText[] = [];
  const own = Object.hasOwn(ownCredentials, object.class) ? (ownCredentials[object.class] ?? []) : [];
  for (const [name, { text }] of object.properties) {
    const value = text.trim();
    const isHandled = handled.has(name) && (!wordProperties.has(name) || closedWord.test(value));
    if (value === '' || isHandled || isNoise(name, value) || isCopy(object, name, value)) continue;
    const label = labelOf(name, value);
    texts.push({
      text: value,
      dialect: 'plain',
      field: { path: name, role },
      ...(label === undefined ? {} : { label }),
      ...(own.includes(name) ? { artifact: true } : {}),
    });
  }
  for (const { path, name, text } of object.elements)
    if (!isNoise(name, text))
      texts.push({
        text,
        dialect: 'plain',
        field: { path, role },
        ...(name === path ? {} : { label: name }),
      });
  if (object.stray !== '')
    texts.push({ text: object.stray, dialect: 'plain', field: { path: 'text', role } });
  return texts;
}

/** `lowerTitle` and its like repeat a property in lower case. */
function isCopy(object: ConfluenceObject, name: string, value: string): boolean {
  if (!name.startsWith('lower')) return false;
  const original = name.charAt(5).toLowerCase() + name.slice(6);
  return object.properties.get(original)?.text.trim().toLowerCase() === value;
}

/** Names of elements that say what sort of value they hold, not which. */
const typeElements = new Set([
  'string',
  'int',
  'long',
  'boolean',
  'list',
  'map',
  'entry',
  'set',
  'object',
  'byte-array',
]);

/** A setting: text, JSON, or XML as Java libraries write it, with the name beside each value. */
export function settingTexts(value: string, path: string, name: string): RecordText[] {
  const trimmed = value.trim();
  const json = jsonInString(trimmed);
  if (json !== undefined) return unclaimedTexts(json, noClaims, { prefix: path, role: 'setting' });
  if (!trimmed.startsWith('<'))
    return isNoise('', trimmed) ? [] : [settingText(trimmed, path, labelOf(name, trimmed))];
  const texts: RecordText[] = [];
  const trees = new XmlTrees(
    (element) => element.depth === 0,
    (tree) => xmlTexts(tree, path, name, texts),
    { note: () => undefined },
  );
  readXmlText(trimmed, { damaged: () => undefined }, trees);
  return texts;
}

/** @param name of the whole setting, for a value that is all of it */
function xmlTexts(root: XmlNode, path: string, name: string, texts: RecordText[]): void {
  const names = entryNames(root);
  for (const leaf of leavesOf(root, root.name)) {
    const text = leaf.text.trim();
    if (isNoise('', text) || text === 'true' || text === 'false') continue;
    const ownName = typeElements.has(leaf.name) ? (names.get(leaf.text) ?? name) : leaf.name;
    const label = labelOf(ownName, text);
    const json = jsonInString(text);
    if (json === undefined) texts.push(settingText(text, `${path}.${leaf.path}`, label));
    else append(texts, unclaimedTexts(json, noClaims, { prefix: `${path}.${leaf.path}`, role: 'setting' }));
  }
}

/** Of `<entry><string>name</string><string>value</string></entry>` the name by the value. */
function entryNames(root: XmlNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const [key, value] = node.children;
    if (node.name === 'entry' && key !== undefined && value !== undefined) names.set(value.text, key.text);
    append(open, node.children);
  }
  return names;
}

function settingText(text: string, path: string, label: string | undefined): RecordText {
  return {
    text,
    dialect: 'plain',
    field: { path, role: 'setting' },
    ...(label === undefined ? {} : { label }),
  };
}
