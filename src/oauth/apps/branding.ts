/** How an app looks on the log-in and consent pages. */
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

/** Parses the branding that is stored as JSON. */
export function readBranding(json: string): Branding {
  return JSON.parse(json) as Branding;
}
