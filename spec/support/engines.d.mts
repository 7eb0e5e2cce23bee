export declare const ON_BOTH_ENGINES: Readonly<Record<string, string>>;
