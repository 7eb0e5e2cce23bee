export declare function checkArguments(argv: readonly string[]): void;
