import { schemas } from '../../../schemas/index.js';
import { type ClassSpec, defineClass, pointer, text } from '../../../src/contract/index.js';
import { schemaDefinitions } from '../../../src/platform/parse/definitions.js';
import { AS_DECLARED, type ClassNaming } from '../../../src/platform/storedClasses.js';

const own = AS_DECLARED;

const engines = ['postgres', 'mongodb'] as const;

const Letter = defineClass({
  name: 'Letter',
  summary: 'For these specs.',
  fields: {
    organization: pointer('Organization')(),
    reader: pointer('_User').optional(),
    subject: text('What it is about.'),
    secret: text.optional(),
  },
  indexes: { byReader: ['reader'], bySubject: ['subject', 'createdAt'] },
  unique: { subject: ['organization', 'subject'] },
  hidden: ['secret'],
  read: 'acl',
});

const definitionOf = (cls: ClassSpec, options: Parameters<typeof schemaDefinitions>[1]) => {
  const [definition] = schemaDefinitions([cls], options);
  return definition;
};

describe.each(engines)('on %s', (engine) => {
  it('declares fields with their types and targets', () => {
    expect(definitionOf(Letter, { engine, ...own })?.fields).toEqual({
      organization: { type: 'Pointer', targetClass: 'Organization', required: true },
      reader: { type: 'Pointer', targetClass: '_User' },
      subject: { type: 'String', required: true },
      secret: { type: 'String' },
    });
  });

  it('points to the host’s organizations, and omits the hub’s own class for them', () => {
    const definitions = schemaDefinitions(schemas, {
      engine,
      prefix: '',
      organizationClass: 'Team',
    });
    const targets = definitions.flatMap(({ fields }) =>
      Object.values(fields).map((field) => field.targetClass),
    );
    expect(targets).toContain('Team');
    expect(targets).not.toContain('Organization');
    const names = (naming: Partial<ClassNaming>) =>
      schemaDefinitions(schemas, { engine, ...own, ...naming }).map(({ className }) => className);
    expect(names({ organizationClass: 'Team' })).not.toContain('Organization');
    // The host's, by the name that the hub's would have.
    expect(names({ organizationClass: 'Organization' })).not.toContain('Organization');
    expect(names({})).toEqual(schemas.map(({ name }) => name));
  });

  it('puts the prefix before every class of the hub’s, wherever it is named', () => {
    const { className, fields, indexes } =
      definitionOf(Letter, { engine, ...own, prefix: 'Hub' }) ?? {};
    expect(className).toBe('HubLetter');
    expect(fields?.['organization']?.targetClass).toBe('HubOrganization');
    expect(fields?.['reader']?.targetClass).toBe('_User');
    expect(Object.keys(indexes ?? {})).toContain('HubLetter_byReader');
    const host = { engine, prefix: 'Hub', organizationClass: 'Organization' } as const;
    expect(definitionOf(Letter, host)?.fields['organization']?.targetClass).toBe('Organization');
  });

  it('lets clients read at the most, and only those who are signed in', () => {
    for (const cls of schemas) {
      const read = cls.read === 'acl' ? { requiresAuthentication: true } : {};
      expect(definitionOf(cls, { engine, ...own })?.classLevelPermissions).toMatchObject({
        find: read,
        get: read,
        count: read,
        create: {},
        update: {},
        delete: {},
        addField: {},
      });
    }
  });

  it('hides fields from every reader', () => {
    expect(
      definitionOf(Letter, { engine, ...own })?.classLevelPermissions['protectedFields'],
    ).toEqual({ '*': ['secret'] });
  });

  it('names no index twice, as PostgreSQL has one space of names for all classes', () => {
    const names = schemaDefinitions(schemas, { engine, ...own }).flatMap(({ className, indexes }) =>
      Object.keys(indexes).map((name) => [className, name] as const),
    );
    expect(new Set(names.map(([, name]) => name)).size).toBe(names.length);
    for (const [className, name] of names) expect(name.startsWith(`${className}_`)).toBe(true);
  });
});

it('declares indexes by the names that each database has for a field, as far as Parse takes them', () => {
  expect(definitionOf(Letter, { engine: 'postgres', ...own })?.indexes).toEqual({
    Letter_byReader: { reader: 1 },
    Letter_bySubject: { subject: 1, createdAt: 1 },
  });
  expect(definitionOf(Letter, { engine: 'mongodb', ...own })?.indexes).toEqual({
    Letter_byReader: { _p_reader: 1 },
  });
});

it('refuses an index on a field that is not there', () => {
  const broken = { ...Letter, indexes: { byNothing: ['nothing'] } } as unknown as ClassSpec;
  expect(() => definitionOf(broken, { engine: 'postgres', ...own })).toThrow(
    'has no field nothing',
  );
});
