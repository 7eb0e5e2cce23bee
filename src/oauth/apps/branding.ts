/** How an app looks on the pages on which people sign in and consent. */
export interface Branding {
  readonly logoUrl?: string | undefined;
  /** `#rrggbb`. */
  readonly color?: string | undefined;
  /** A sentence or two beneath the name. */
  readonly text?: string | undefined;
  readonly links?:
    | {
        readonly website?: string | undefined;
        readonly privacy?: string | undefined;
        readonly terms?: string | undefined;
      }
    | undefined;
}

export function readBranding(json: string): Branding {
  return JSON.parse(json) as Branding;
}
