import { parseArgs } from 'node:util';

export const USAGE = `Connects a service from the terminal, on a running hub.

  npm run connect -- slack
  npm run connect -- slack --auth-method botToken --name "Our workspace"

  <service>             key of the service; the script asks for it if omitted
  --organization <id>   owner of the connection; the script asks for it if there are several
  --auth-method <name>  auth method of the service; the script asks for it if there are several
  --name <text>         name of the connection; default: the name of the service
  --help                prints this text

PUBLIC_URL, APP_ID, MASTER_KEY and HUB_FUNCTION_PREFIX select the hub, as for npm start. Without MASTER_KEY, the one that
npm start generated is read from DATA_DIR. Exit codes: 0 connected, 1 not connected, 2 wrong arguments, 130 interrupted.`;

/** The arguments do not match USAGE; the message says which one. */
export class WrongUsage extends Error {}

export interface Arguments {
  readonly help: boolean;
  readonly connector: string | undefined;
  readonly organization: string | undefined;
  readonly authMethod: string | undefined;
  readonly name: string | undefined;
}

const text = { type: 'string' } as const;

/** Throws WrongUsage. */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseOptions(args);
  const [connector, ...others] = positionals;
  if (others.length > 0) throw new WrongUsage('Only one service can be connected at a time.');
  const { help = false, organization, 'auth-method': authMethod, name } = values;
  return { help, connector, organization, authMethod, name };
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        organization: text,
        'auth-method': text,
        name: text,
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    // The first sentence of Node's message names the option; the rest is advice about dashes.
    throw new WrongUsage(`${(error as Error).message.split('. ')[0] ?? ''}.`);
  }
}
