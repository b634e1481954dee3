/** What the events of a room say about the room, and about each other. */
import { idOf, type JsonObject, objectOf, stringOf } from '../object-texts.js';

export class MatrixRoom {
  name: string | undefined;
  /** From an event: Element's header has none. */
  id: string | undefined;
  isDirect = false;
  joinRule: string | undefined;
  /** True once all events were seen, so that an event without a later edit is known to be current. */
  #isLearnt = false;
  /** Latest edit by the id of the event that it edits. */
  readonly #edits = new Map<string, { readonly id: string; readonly at: number }>();

  header(root: JsonObject): void {
    this.name ??= stringOf(root, 'room_name');
  }

  learn(event: JsonObject): void {
    this.#isLearnt = true;
    this.id ??= idOf(event, 'room_id');
    const content = objectOf(event, 'content') ?? {};
    const type = stringOf(event, 'type');
    if (type === 'm.room.member' && content['is_direct'] === true) this.isDirect = true;
    if (type === 'm.room.join_rules') this.joinRule = stringOf(content, 'join_rule');
    const target = editedBy(event);
    const id = idOf(event, 'event_id');
    if (target === undefined || id === undefined) return;
    const at = Number(event['origin_server_ts']) || 0;
    const known = this.#edits.get(target);
    if (known === undefined || known.at <= at) this.#edits.set(target, { id, at });
  }

  /** Id of the event that holds the current wording of a message; undefined when that is not known. */
  currentOf(message: string): string | undefined {
    return this.#isLearnt ? (this.#edits.get(message)?.id ?? message) : undefined;
  }
}

/** Id of the event whose wording an event replaces. */
export function editedBy(event: JsonObject): string | undefined {
  const relation = relationOf(event);
  return relation !== undefined && stringOf(relation, 'rel_type') === 'm.replace'
    ? idOf(relation, 'event_id')
    : undefined;
}

export function relationOf(event: JsonObject): JsonObject | undefined {
  return objectOf(objectOf(event, 'content') ?? {}, 'm.relates_to');
}
