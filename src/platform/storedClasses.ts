import { type ClassSpec, ORGANIZATION_CLASS } from '../contract/index.js';

/** What the host decides of the names of classes. */
export interface ClassNaming {
  /** Put before the name of each class of the hub's. */
  readonly prefix: string;
  /** The host's class that `organization` fields point to; `undefined`: the hub's own. */
  readonly organizationClass: string | undefined;
}

/**
 * The hub's classes as they are stored: under the host's prefix, with pointers to the host's organizations where it has its
 * own. Everything above storage names a class as it is declared; every way into the database asks here.
 */
export interface StoredClasses {
  /** One and the same object for one class. */
  stored<C extends ClassSpec>(cls: C): C;
  /** Whether the hub makes this class: not that of organizations where the host has its own. */
  isMade(cls: ClassSpec): boolean;
}

/** Nothing is decided: each class is stored as it is declared. */
export const AS_DECLARED: ClassNaming = { prefix: '', organizationClass: undefined };

export function storedClasses({ prefix, organizationClass }: ClassNaming): StoredClasses {
  const known = new Map<ClassSpec, ClassSpec>();
  // Parse's own classes begin with an underscore.
  const ours = (name: string) => (name.startsWith('_') ? name : prefix + name);
  const target = (name: string) =>
    name === ORGANIZATION_CLASS ? (organizationClass ?? ours(name)) : ours(name);

  function rename(cls: ClassSpec): ClassSpec {
    const fields = Object.entries(cls.fields).map(([name, field]) => [
      name,
      field.targetClass === undefined
        ? field
        : { ...field, targetClass: target(field.targetClass) },
    ]);
    const renamed = Object.fromEntries(fields) as ClassSpec['fields'];
    return { ...cls, name: ours(cls.name), fields: renamed };
  }

  const stored = <C extends ClassSpec>(cls: C): C => {
    const own = known.get(cls) ?? rename(cls);
    known.set(cls, own);
    return own as C;
  };
  return {
    stored,
    isMade: ({ name }) => name !== ORGANIZATION_CLASS || organizationClass === undefined,
  };
}

/** What a host can do whose class has the name of one of the hub's, as it is stored. */
export function adviceOnTaken(className: string, { prefix }: ClassNaming): string {
  const another = prefix === '' ? 'classPrefix' : 'another classPrefix';
  const renamed = `Set ${another} in the options of createIntegrationHub (HUB_CLASS_PREFIX), which goes before the names of the hub's classes`;
  return className === prefix + ORGANIZATION_CLASS
    ? `${renamed}; or, if your ${className} is what people belong to, pass it to the hub in the option organizations.`
    : `${renamed}.`;
}
