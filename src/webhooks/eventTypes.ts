import type { Membership, Page, PageRequest } from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import { newId } from '../platform/ids.js';
import { checkData, checkSchema } from './dataSchema.js';
import { eventErrors } from './errors.js';
import type { EventTypeRow, WebhookStore } from './store.js';

export interface EventTypeView {
  readonly name: string;
  readonly description: string | undefined;
  readonly schema: unknown;
  readonly example: unknown;
  readonly archived: boolean;
  readonly createdAt: Date;
}

/** `null` takes a description, schema or example away; left out, it stays. */
export interface EventTypeChange {
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
  readonly clock: Clock;
  readersOf(organizationId: string): readonly string[];
}

export function createEventTypes({ store, clock, readersOf }: EventTypesDeps): EventTypes {
  return {
    async create({ organizationId }, { name, ...given }) {
      const fields = storedFields({}, given);
      const createdAt = clock.now();
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
      const set = { ...storedFields(row, given), ...(archived !== undefined && { archived }) };
      await store.changeEventType(row, set);
      return showEventType({ ...row, ...set });
    },
  };
}

/** The schema and the example as they are stored, after checking that they can be used and fit each other. */
function storedFields(
  current: Pick<EventTypeRow, 'description' | 'schema' | 'example'>,
  { description, schema, example }: EventTypeChange,
): Pick<EventTypeRow, 'description' | 'schema' | 'example'> {
  const fields = {
    description: description === undefined ? current.description : (description ?? undefined),
    schema: schema === undefined ? current.schema : storedJson(schema),
    example: example === undefined ? current.example : storedJson(example),
  };
  if (fields.schema !== undefined) {
    checkSchema(fields.schema);
    if (fields.example !== undefined)
      checkData('the example', fields.schema, JSON.parse(fields.example));
  }
  return fields;
}

function storedJson(value: object | null): string | undefined {
  return value === null ? undefined : JSON.stringify(value);
}

function showEventType(row: Omit<EventTypeRow, 'id'>): EventTypeView {
  const { name, description, archived, createdAt } = row;
  return {
    name,
    description,
    archived,
    createdAt,
    schema: parsed(row.schema),
    example: parsed(row.example),
  };
}

function parsed(json: string | undefined): unknown {
  return json === undefined ? undefined : JSON.parse(json);
}
