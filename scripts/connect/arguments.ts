import { parseArgs } from 'node:util';

export const USAGE = `Connects a service from the terminal, on a hub that runs.

  npm run connect -- slack
  npm run connect -- slack --auth-method botToken --name "Our workspace"

  <service>             its key; asked for when it is left out
  --organization <id>   whose it is; asked for when there are several
  --auth-method <name>  which of the service's auth methods; asked for when there are several
  --name <text>         what the connection is called; default the service's name
  --help                this text

PUBLIC_URL, APP_ID, MASTER_KEY and HUB_FUNCTION_PREFIX say which hub, as for npm start; without MASTER_KEY the one that
npm start has generated is read from DATA_DIR. Ends with 0 when the service is connected, 1 when it is not, 2 when it was
called wrongly, 130 when it was interrupted.`;

/** Called in a way that USAGE does not have; the message says in which. */
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
  if (others.length > 0) throw new WrongUsage('One service at a time can be connected.');
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
    // Node's own sentence names the option; what comes after it is advice on dashes.
    throw new WrongUsage(`${(error as Error).message.split('. ')[0] ?? ''}.`);
  }
}
