import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { awaitAnswer } from './hostProcess.js';
import type { ReadmeBlock } from './readmeBlocks.js';

/** README's blocks carried out one after the other, as a reader does in a folder and a terminal. */
export interface ReadmeStory {
  /** Runs the lines of a shell. Rejects with what they wrote when one of them fails, or when an answer is an error. */
  shell(block: ReadmeBlock): Promise<void>;
  /** An address of the pages, with the ports that are used here. */
  at(address: string): string;
  /** Until what was left running has written this. Rejects when that has ended. */
  written(text: string): Promise<void>;
  /** Everything that has been written so far. */
  output(): string;
  stop(): Promise<void>;
}

export interface ReadmeStoryOptions {
  readonly folder: string;
  readonly blocks: readonly ReadmeBlock[];
  /** The ports of the README, and those that are free. */
  readonly ports: Readonly<Record<string, string>>;
  readonly databaseUri: string;
  readonly env: Readonly<Record<string, string>>;
}

const KEEPS_RUNNING = /^keeps running at ([^\s,]+)/;
const ADD = /^add to (\S+) after: (.+)$/;

export function startReadmeStory(options: ReadmeStoryOptions): ReadmeStory {
  const { folder, blocks, ports, databaseUri, env } = options;
  const atHome = (text: string) =>
    Object.entries(ports)
      .reduce((all, [from, to]) => all.replaceAll(new RegExp(`\\b${from}\\b`, 'g'), to), text)
      .replace(/(?<=DATABASE_URI=)\S+/, databaseUri);
  for (const [name, text] of Object.entries(filesOf(blocks))) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), atHome(text));
  }
  const running: ChildProcess[] = [];
  const news = new EventEmitter();
  let output = '';

  /** Variables that one block sets, the next one sees: a terminal stays open. */
  function script({ text, mark }: ReadmeBlock): string {
    const lines = atHome(text).trim().split('\n');
    const last = KEEPS_RUNNING.test(mark ?? '') ? `exec env ${lines.pop() ?? ''}` : '';
    const before = ['set -euao pipefail', 'if [[ -f .terminal ]]; then source .terminal; fi'];
    return [...before, ...lines, 'export -p > .terminal', last].join('\n');
  }

  function start(block: ReadmeBlock): ChildProcess {
    const child = spawn('bash', ['-c', script(block)], {
      cwd: folder,
      env: { ...process.env, ...toolsIn(folder), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        news.emit('output');
      });
    child.once('close', () => news.emit('output'));
    return child;
  }

  let failed: string | undefined;
  async function run(block: ReadmeBlock): Promise<void> {
    const before = output.length;
    const written = () => output.slice(before);
    const child = start(block);
    const address = KEEPS_RUNNING.exec(block.mark ?? '')?.[1];
    if (address !== undefined) {
      running.push(child);
      return awaitAnswer(atHome(address), child, written);
    }
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(written());
  }

  return {
    async shell(block) {
      if (failed !== undefined) throw new Error(`It begins with what ${failed} leaves.`);
      await run(block).catch((error: unknown) => {
        failed = block.at;
        throw error;
      });
    },
    async written(text) {
      while (!output.includes(text)) {
        if (running.some(({ exitCode }) => exitCode !== null)) throw new Error(output);
        await once(news, 'output');
      }
    },
    at: atHome,
    output: () => output,
    async stop() {
      for (const child of running) {
        if (child.exitCode !== null) continue;
        child.kill('SIGTERM');
        await once(child, 'close');
      }
    },
  };
}

/** The files that the blocks are, with what other blocks say to add to them. */
export function filesOf(blocks: readonly ReadmeBlock[]): Record<string, string> {
  const files: Record<string, string> = {};
  for (const { file, text } of blocks) if (file !== undefined) files[file] = text;
  for (const { at: place, text, mark } of blocks) {
    const [, name, after] = ADD.exec(mark ?? '') ?? [];
    if (name === undefined || after === undefined) continue;
    const lines = files[name]?.split('\n') ?? [];
    const at = lines.findIndex((each) => each.trim() === after);
    if (at < 0) throw new Error(`${place}: ${name} has no line ${after}`);
    files[name] = [...lines.slice(0, at + 1), text.trimEnd(), ...lines.slice(at + 1)].join('\n');
  }
  return files;
}

/** Why a block is run, or is not; `undefined` where nothing does it. */
export function accountOf(block: ReadmeBlock, blocks: readonly ReadmeBlock[]): string | undefined {
  const { language, mark = '', file } = block;
  if (mark.startsWith('not run: ') || ADD.test(mark)) return mark;
  if (language === '') return 'a drawing';
  if (language === 'sh') return 'a shell runs it';
  if (file === undefined) return undefined;
  if (mark === 'in a browser' || isRun(block)) return mark;
  const name = path.basename(file);
  const user = blocks.find(
    ({ text, file: other }) => other !== file && new RegExp(`(node |/)${name}\\b`).test(text),
  );
  return user && `${user.at} runs it`;
}

/** Whether the text beside a block tells the reader to run its file with Node. */
export function isRun({ mark }: ReadmeBlock): boolean {
  return /^run\b/.test(mark ?? '');
}

/** A folder of commands, and settings of curl: an answer that is an error is one to the shell as well. */
function toolsIn(folder: string): Record<string, string> {
  const tools = path.join(folder, '.tools');
  if (!existsSync(tools)) {
    mkdirSync(tools);
    writeFileSync(path.join(tools, '.curlrc'), 'fail-with-body\nsilent\nshow-error\n');
    for (const name of ['curl', 'openssl']) {
      const file = path.join(tools, name);
      const code = readFileSync(path.join(import.meta.dirname, 'tools', `${name}.mjs`), 'utf8');
      writeFileSync(file, `#!/usr/bin/env node\n${code}`);
      chmodSync(file, 0o755);
    }
    writeFileSync(path.join(tools, 'package.json'), '{ "type": "module" }');
  }
  // The machine's own come first, where it has them.
  const paths = [path.dirname(process.execPath), process.env['PATH'] ?? '', tools];
  return { CURL_HOME: tools, PATH: paths.join(path.delimiter) };
}
