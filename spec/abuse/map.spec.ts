import { existsSync, readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('README.md', import.meta.url), 'utf8');

const GROUPS = 38;
/** Groups of which no spec is named so far. */
const notYet: readonly number[] = [];

interface Group {
  readonly number: number;
  readonly title: string;
  /** Specs that fail without the defense, by file and by the words of the test. */
  readonly specs: readonly (readonly [file: string, words: string])[];
  /** Why it cannot occur. */
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
  it('has every group once, in order, but for those that it names as missing', () => {
    const numbers = Array.from({ length: GROUPS }, (_, nth) => nth + 1);
    expect(groups.map(({ number }) => number)).toEqual(
      numbers.filter((number) => !notYet.includes(number)),
    );
    expect(groups.filter(({ title }) => title.length < 10)).toEqual([]);
  });

  it('has lines of one form alone', () => {
    const items = page.split('\n').filter((line) => line.startsWith('- '));
    expect(items).toHaveLength(groups.flatMap(({ specs }) => specs).length);
  });

  it.each(groups.map((group) => [group.number, group.title, group] as const))(
    'names for group %i specs that are there: %s',
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

/** Whether a spec has a test, or several together, by these words. */
function isTitle(source: string, title: string): boolean {
  const escaped = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`\\(\\s*['"\`]${escaped}['"\`],`).test(source);
}
