/** What is known of a page, comment or attachment of Confluence besides its texts. */
import type { RevisionState } from '../../../model/appearance.js';
import type { RecordType } from '../contract.js';
import { type ConfluenceObject, propertyText, referenceOf } from './confluence-objects.js';
import { ownCopy } from './own-copy.js';

export interface ContentFacts {
  readonly class: string;
  readonly id: string;
  readonly type: RecordType;
  readonly title: string | undefined;
  /** Id of the space; old versions, comments and attachments do not say it. */
  readonly space: string | undefined;
  /** Id of what a comment or an attachment belongs to. */
  readonly container: string | undefined;
  readonly isOnPage: boolean;
  /** For an old version or a draft: id of the content that it is one of. */
  readonly original: string | undefined;
  readonly state: RevisionState;
  readonly version: string | undefined;
  /** Who saved it: key of a user, or in older exports a user's name. */
  readonly author: string | undefined;
  readonly created: string | undefined;
  readonly changed: string | undefined;
}

/** Classes with a body, an author and a history, and what they become. */
const contentTypes: ReadonlyMap<string, RecordType> = new Map<string, RecordType>([
  ['Page', 'page'],
  ['BlogPost', 'page'],
  ['Comment', 'comment'],
  ['Attachment', 'attachment'],
  ['SpaceDescription', 'setting'],
  ['GlobalDescription', 'setting'],
  ['PersonalInformation', 'profile'],
  ['CustomContentEntityObject', 'page'],
  ['Draft', 'page'],
]);
/** Classes that are shown as pages. */
const pageClasses = new Set(['Page', 'BlogPost']);
const containerNames = ['containerContent', 'owner', 'content'] as const;

export function isContent(object: ConfluenceObject): boolean {
  return contentTypes.has(object.class) || object.properties.has('contentStatus');
}

export function isPageClass(className: string): boolean {
  return pageClasses.has(className);
}

export function contentType(className: string): RecordType {
  return contentTypes.get(className) ?? 'page';
}

export function factsOf(object: ConfluenceObject): ContentFacts {
  const original = referenceOf(object, 'originalVersion') ?? propertyText(object, 'originalVersionId');
  const container = containerNames
    .map((name) => object.properties.get(name)?.reference)
    .find((reference) => reference !== undefined && reference.id !== '');
  return {
    class: ownCopy(object.class),
    id: ownCopy(object.id),
    type: contentType(object.class),
    title: ownCopy(propertyText(object, 'title', 'fileName')),
    space: ownCopy(referenceOf(object, 'space')),
    container: ownCopy(container?.id),
    isOnPage: pageClasses.has(container?.class ?? ''),
    original: ownCopy(original),
    state: stateOf(propertyText(object, 'contentStatus'), original),
    version: ownCopy(propertyText(object, 'version', 'attachmentVersion')),
    author: ownCopy(
      referenceOf(object, 'lastModifier') ??
        propertyText(object, 'lastModifierName') ??
        referenceOf(object, 'creator') ??
        propertyText(object, 'creatorName'),
    ),
    created: ownCopy(propertyText(object, 'creationDate')),
    changed: ownCopy(propertyText(object, 'lastModificationDate')),
  };
}

function stateOf(status: string | undefined, original: string | undefined): RevisionState {
  if (status === 'deleted' || status === 'trashed') return 'deleted';
  if (status === 'draft') return 'draft';
  return original === undefined ? 'current' : 'previous';
}
