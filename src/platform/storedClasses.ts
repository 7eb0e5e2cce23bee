import { type ClassSpec, ORGANIZATION_CLASS } from '../contract/index.js';

/** The host's choices for the names of classes. */
export interface ClassNaming {
  /** Put before the name of each class of the hub. */
  readonly prefix: string;
  /** The host's class that `organization` fields point to; `undefined`: the hub's own. */
  readonly organizationClass: string | undefined;
}

/**
 * Maps the hub's classes to stored ones: with the host's prefix, and with pointers to the host's organizations where it
 * has its own. All code above storage uses declared classes; every access to the database maps them here.
 */
export interface StoredClasses {
  /** Returns the same object each time for one class. */
  stored<C extends ClassSpec>(cls: C): C;
  /** Returns whether the hub creates this class: not that of organizations where the host has its own. */
  isMade(cls: ClassSpec): boolean;
}

/** Each class is stored as it is declared. */
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

/** Advises a host whose class has the same name as a stored class of the hub. */
export function adviceOnTaken(className: string, { prefix }: ClassNaming): string {
  const another = prefix === '' ? 'classPrefix' : 'another classPrefix';
  const renamed = `Set ${another} in the options of createIntegrationHub (HUB_CLASS_PREFIX), which goes before the names of the hub's classes`;
  return className === prefix + ORGANIZATION_CLASS
    ? `${renamed}; or, if your ${className} is what people belong to, pass it to the hub in the option organizations.`
    : `${renamed}.`;
}
