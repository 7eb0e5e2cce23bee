import type { Membership, Page, PageRequest } from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import { eventErrors } from '../errors.js';
import type { DataSchemas } from '../publish/dataSchema.js';
import { bodyOf } from '../publish/publish.js';
import type { EventTypeRow, WebhookStore } from '../store.js';

export interface EventTypeView {
  readonly name: string;
  readonly description: string | undefined;
  readonly schema: unknown;
  readonly example: unknown;
  readonly archived: boolean;
  readonly createdAt: Date;
}

/** `null` removes a description, schema or example. An absent field is not changed. */
interface EventTypeChange {
  readonly description?: string | null | undefined;
  readonly schema?: Readonly<Record<string, unknown>> | null | undefined;
  readonly example?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface EventTypes {
  create(membership: Membership, type: EventTypeChange & { name: string }): Promise<EventTypeView>;
  list(
    membership: Membership,
    request: PageRequest & { archived?: boolean | undefined },
  ): Promise<Page<EventTypeView>>;
  update(
    membership: Membership,
    name: string,
    change: EventTypeChange & { archived?: boolean | undefined },
  ): Promise<EventTypeView>;
}

export interface EventTypesDeps {
  readonly store: WebhookStore;
  readonly schemas: DataSchemas;
  readonly clock: Clock;
  readersOf(organizationId: string): readonly string[];
}

export function createEventTypes({ store, schemas, clock, readersOf }: EventTypesDeps): EventTypes {
  return {
    async create({ organizationId }, { name, ...given }) {
      const createdAt = clock.now();
      const fields = toStoredFields(given);
      await checkFields(schemas, { ...fields, organization: organizationId, name }, createdAt);
      const row = {
        ...fields,
        id: newId(),
        organization: organizationId,
        name,
        archived: false,
        createdAt,
      };
      const isNew = await store.insertEventType({ ...row, readers: readersOf(organizationId) });
      if (!isNew) throw eventErrors.EventTypeExists();
      return showEventType({ ...row, updatedAt: createdAt });
    },
    async list({ organizationId }, request) {
      const page = await store.pageEventTypes(organizationId, request);
      return { ...page, items: page.items.map(showEventType) };
    },
    async update({ organizationId }, name, { archived, ...given }) {
      const row = await store.findEventType(organizationId, name);
      if (!row) throw eventErrors.EventTypeNotFound();
      // Only the given fields: two people may change different ones at once.
      const fields = toStoredFields(given);
      if ('schema' in fields || 'example' in fields)
        await checkFields(schemas, { ...row, ...fields }, clock.now());
      const set = { ...fields, ...(archived !== undefined && { archived }) };
      await store.changeEventType(row, set);
      return showEventType({ ...row, ...set });
    },
  };
}

/** Returns the given fields as they are stored. A field that is to be removed is present as `undefined`. */
function toStoredFields({
  description,
  schema,
  example,
}: EventTypeChange): Pick<EventTypeRow, 'description' | 'schema' | 'example'> {
  return {
    ...(description !== undefined && { description: description ?? undefined }),
    ...(schema !== undefined && { schema: toStoredJson(schema) }),
    ...(example !== undefined && { example: toStoredJson(example) }),
  };
}

/** Checks that schema and example can be used and match, so that a test can always be sent. */
async function checkFields(
  schemas: DataSchemas,
  {
    organization,
    name,
    schema,
    example,
  }: Pick<EventTypeRow, 'organization' | 'name' | 'schema' | 'example'>,
  now: Date,
): Promise<void> {
  const data: unknown = parseJson(example);
  if (data !== undefined) bodyOf(name, now, data);
  if (schema === undefined) return;
  await schemas.check(organization, schema);
  if (data !== undefined) await schemas.checkData(organization, { type: name, schema, data });
}

function toStoredJson(value: object | null): string | undefined {
  return value === null ? undefined : JSON.stringify(value);
}

function showEventType(row: Omit<EventTypeRow, 'id'>): EventTypeView {
  const { name, description, archived, createdAt } = row;
  return {
    name,
    description,
    archived,
    createdAt,
    schema: parseJson(row.schema),
    example: parseJson(row.example),
  };
}

function parseJson(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}
