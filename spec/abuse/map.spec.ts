import { existsSync, readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('README.md', import.meta.url), 'utf8');

const GROUPS = 45;
/** Groups for which no spec is listed yet. */
const notYet: readonly number[] = [];

interface Group {
  readonly number: number;
  readonly title: string;
  /** Specs that fail without the defense, by file and title. */
  readonly specs: readonly (readonly [file: string, title: string])[];
  /** The reason why the attack cannot occur. */
  readonly cannotOccur: string | undefined;
}

const groups = page
  .split(/^## /m)
  .slice(1)
  .map((section): Group => {
    const [heading = '', ...lines] = section.split('\n');
    const [, number, title = ''] = /^(\d+)\. (.+)$/.exec(heading) ?? [];
    const specs = lines.flatMap((line) => {
      const [, file, title] = /^- (spec\/\S+\.spec\.ts): (.+)$/.exec(line) ?? [];
      return file !== undefined && title !== undefined ? [[file, title] as const] : [];
    });
    const cannotOccur = lines.find((line) => line.startsWith('Cannot occur: '));
    return { number: Number(number), title, specs, cannotOccur };
  });

describe('the map of abuse cases', () => {
  it('has every group once, in order, except those that are listed as missing', () => {
    const numbers = Array.from({ length: GROUPS }, (_, nth) => nth + 1);
    expect(groups.map(({ number }) => number)).toEqual(
      numbers.filter((number) => !notYet.includes(number)),
    );
    expect(groups.filter(({ title }) => title.length < 10)).toEqual([]);
  });

  it('has only lines of the expected form', () => {
    const items = page.split('\n').filter((line) => line.startsWith('- '));
    expect(items).toHaveLength(groups.flatMap(({ specs }) => specs).length);
  });

  it.each(groups.map((group) => [group.number, group.title, group] as const))(
    'lists existing specs for group %i: %s',
    (_number, _title, { specs, cannotOccur }) => {
      if (cannotOccur === undefined) expect(specs.length).toBeGreaterThan(0);
      const missing = specs.filter(([file, title]) => {
        const at = new URL(file, root);
        return !existsSync(at) || !isTitle(readFileSync(at, 'utf8'), title);
      });
      expect(missing).toEqual([]);
    },
  );
});

/** Returns whether a spec has a test, or a group of tests, with this title. */
function isTitle(source: string, title: string): boolean {
  const escaped = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`\\(\\s*['"\`]${escaped}['"\`],`).test(source);
}
