import { type ChildProcess, fork, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { environmentOfOthers } from './environment.js';
import type { News, Order } from './fixtures/connectOften.js';

interface Connecting {
  /** Waits until it says something like that, and returns the first group of it. */
  said(pattern: RegExp): Promise<string>;
  ended(): Promise<{ readonly code: number | null; readonly text: string }>;
}

interface Typing {
  readonly args: readonly string[];
  /** What a person types, all at once. */
  readonly typed?: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
}

/** `npm run connect` with these settings besides. */
export class ConnectScript {
  readonly #settings: Readonly<Record<string, string>>;
  readonly #children = new Set<ChildProcess>();
  #often: ChildProcess | undefined;

  constructor(settings: Readonly<Record<string, string>>) {
    this.#settings = settings;
  }

  /** As `npm run` does it, in a process of its own. */
  spawn(typing: Typing): Connecting {
    const { args, env, typed } = this.#orderOf(typing);
    const child = spawn(process.execPath, ['scripts/run.cjs', 'connect', ...args], { env });
    this.#children.add(child);
    const heard = new Heard();
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => heard.add(chunk.toString()));
    }
    child.once('close', (code) => heard.end(code));
    child.stdin.end(typed);
    return heard;
  }

  /** In the process that ran the one before, which has to have ended. */
  run(typing: Typing): Connecting {
    this.#often ??= fork(fileURLToPath(new URL('fixtures/connectOften.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      silent: true,
    });
    const child = this.#often;
    this.#children.add(child);
    const heard = new Heard();
    const hear = (news: News) => {
      if ('text' in news) heard.add(news.text);
      else heard.end(news.code);
    };
    child.on('message', hear);
    const fail = (code: number | null) => heard.end(code);
    child.once('exit', fail);
    void heard.ended().then(() => child.off('message', hear).off('exit', fail));
    child.send(this.#orderOf(typing));
    return heard;
  }

  kill(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }

  #orderOf({ args, typed = [], settings = {} }: Typing): Order {
    return {
      args,
      env: { ...environmentOfOthers(), ...this.#settings, ...settings },
      typed: typed.map((line) => `${line}\n`).join(''),
    };
  }
}

class Heard implements Connecting {
  readonly #news = new EventEmitter();
  #text = '';
  #end: { readonly code: number | null } | undefined;

  add(text: string): void {
    this.#text += text;
    this.#news.emit('news');
  }

  end(code: number | null): void {
    this.#end = { code };
    this.#news.emit('news');
  }

  async said(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#text)?.[1];
      if (found !== undefined) return found;
      if (this.#end) throw new Error(`It ended: ${this.#text}`);
      await once(this.#news, 'news');
    }
  }

  async ended() {
    while (!this.#end) await once(this.#news, 'news');
    return { ...this.#end, text: this.#text };
  }
}
