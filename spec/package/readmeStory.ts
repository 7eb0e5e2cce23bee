import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { awaitResponse } from './hostProcess.js';
import type { ReadmeBlock } from './readmeBlocks.js';

/** Runs the README's blocks in order, as a reader does in one folder and one terminal. */
export interface ReadmeStory {
  /** Runs shell lines. Rejects with their output if a line fails or if curl receives an HTTP error. */
  shell(block: ReadmeBlock): Promise<void>;
  /** Replaces the ports in an address of the pages by those of this run. */
  at(address: string): string;
  /** Waits until the output contains the text. Rejects if a process that should keep running has ended. */
  written(text: string): Promise<void>;
  /** All output so far. */
  output(): string;
  stop(): Promise<void>;
}

export interface ReadmeStoryOptions {
  readonly folder: string;
  readonly blocks: readonly ReadmeBlock[];
  /** Free ports by the ports in the README. */
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

  /** Later blocks see the variables that a block sets, as in a terminal that stays open. */
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
      return awaitResponse(atHome(address), child, written);
    }
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(written());
  }

  return {
    async shell(block) {
      if (failed !== undefined)
        throw new Error(`This block needs the result of ${failed}, which failed.`);
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

/** Returns the files in the blocks, including the lines that other blocks add to them. */
export function filesOf(blocks: readonly ReadmeBlock[]): Record<string, string> {
  const files: Record<string, string> = {};
  for (const { file, text } of blocks) if (file !== undefined) files[file] = text;
  for (const { at: block, text, mark } of blocks) {
    const [, name, after] = ADD.exec(mark ?? '') ?? [];
    if (name === undefined || after === undefined) continue;
    const lines = files[name]?.split('\n') ?? [];
    const at = lines.findIndex((each) => each.trim() === after);
    if (at < 0) throw new Error(`${block}: ${name} has no line ${after}`);
    files[name] = [...lines.slice(0, at + 1), text.trimEnd(), ...lines.slice(at + 1)].join('\n');
  }
  return files;
}

/** Returns why a block is run or is not; `undefined` if nothing runs it. */
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

/** Returns whether the mark of a block says that its file is run with Node. */
export function isRun({ mark }: ReadmeBlock): boolean {
  return /^run\b/.test(mark ?? '');
}

/** Creates a folder of commands. Configures curl so that an HTTP error fails the shell as well. */
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
  // Commands of the machine come first.
  const paths = [path.dirname(process.execPath), process.env['PATH'] ?? '', tools];
  return { CURL_HOME: tools, PATH: paths.join(path.delimiter) };
}
