import type ParseNode from 'parse/node';

export type ParseSdk = typeof ParseNode;

/** A row in Parse's REST format. */
export type RestRow = Readonly<Record<string, unknown>> & { readonly objectId: string };

/** The part of Parse Server's DatabaseController that the hub uses: reads without ACL, as the master key would. */
export interface DatabaseController {
  readonly adapter: object;
  find(
    className: string,
    query: Readonly<Record<string, unknown>>,
    options: {
      limit?: number;
      skip?: number;
      sort?: Readonly<Record<string, 1 | -1>>;
      keys?: readonly string[];
      hint?: string;
      /** The result is then the number of rows. */
      count?: true;
    },
  ): Promise<RestRow[]>;
  destroy(className: string, query: Readonly<Record<string, unknown>>): Promise<unknown>;
  update(
    className: string,
    query: Readonly<Record<string, unknown>>,
    update: Readonly<Record<string, unknown>>,
  ): Promise<unknown>;
  loadSchema(): Promise<{ getAllClasses(): Promise<readonly { className: string }[]> }>;
}

/** The adapter of Parse Server's log: its own winston, or the host's option `loggerAdapter`. */
export interface LoggerAdapter {
  log(...entry: readonly unknown[]): unknown;
}

/** Parse Server's logger, which passes every line to its adapter. */
export interface LoggerController {
  adapter: LoggerAdapter;
}

/** The part of Parse Server's configuration that the hub reads. */
export interface ParseServerConfig {
  readonly appId: string;
  readonly restAPIKey?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly javascriptKey?: string | undefined;
  readonly dotNetKey?: string | undefined;
  /** Whether users have to confirm a new e-mail address; a function where that depends on the user. */
  readonly verifyUserEmails?: unknown;
  database: DatabaseController;
  readonly loggerController: LoggerController;
}

/** Returns the configuration of the running server behind the SDK that Parse Server passes to cloud code. */
export function serverConfig(Parse: ParseSdk): ParseServerConfig {
  // Not in the SDK's types; set by parse-server 9 before cloud code loads (lib/ParseServer.js, addParseCloud).
  return (Parse as unknown as { readonly Server: ParseServerConfig }).Server;
}
