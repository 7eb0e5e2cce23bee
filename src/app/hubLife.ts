import type { Gateway } from '../authentication/gateway.js';
import { parseUrl } from '../contract/index.js';
import { resourceMetadataUrl } from '../http/wellKnown.js';
import { notInstalled, type Readiness } from '../monitoring/index.js';
import type { App } from './compose.js';

/** A hub within a Parse Server that has loaded its cloud code. */
export interface InstalledHub {
  readonly app: App;
  readonly gateway: Gateway;
}

/** The state of a hub: waiting for Parse Server → installed in it, or refused → started → stopped. */
export class HubLife {
  /** The public URL of Parse Server. */
  parseUrl = '/parse';
  /** Whether the host has taken `hub.wellKnown`, in order to mount it. */
  publishesResources = false;
  #installed: InstalledHub | undefined;
  #refusal: unknown;
  #isStarted = false;

  get gateway(): Gateway | undefined {
    return this.#installed?.gateway;
  }

  /** Returns the URL of Parse Server's metadata as an OAuth resource; `undefined` when the host does not serve it. */
  resourceMetadata(): string | undefined {
    if (!this.publishesResources || !parseUrl(this.parseUrl)) return undefined;
    return resourceMetadataUrl(this.parseUrl.replace(/\/+$/, ''));
  }

  isInstalled(): boolean {
    return this.#installed !== undefined;
  }

  /** Throws why Parse Server did not start with the hub, or that it has not started yet. */
  getApp(): App {
    if (this.#installed) return this.#installed.app;
    if (this.#refusal instanceof Error) throw this.#refusal;
    throw new Error(
      'Start Parse Server first: await server.start(), with the options of hub.parseServerOptions.',
    );
  }

  /** Keeps the reason of a failed installation: a host may continue despite it, and `getApp` throws it again. */
  async install(installing: () => Promise<InstalledHub>): Promise<void> {
    try {
      this.#installed = await installing();
    } catch (error) {
      this.#refusal = error;
      throw error;
    }
  }

  async readiness(): Promise<Readiness> {
    const health = this.#installed?.app.health;
    return health ? health.check({ isStarted: this.#isStarted }) : notInstalled();
  }

  async start(): Promise<void> {
    await this.getApp().start();
    this.#isStarted = true;
  }

  async stop(): Promise<void> {
    this.#isStarted = false;
    await this.#installed?.app.stop();
  }

  logFailure(err: unknown, requestId: string): void {
    this.#installed?.app.log.error({ err, requestId }, 'router.failed');
  }
}
