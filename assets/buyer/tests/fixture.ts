import { fileURLToPath } from 'node:url';

/** A folder of the repository's tests/fixtures, shared with the programs in other languages. */
export const fixture = (name: string): string => fileURLToPath(new URL(`../../../tests/fixtures/${name}`, import.meta.url));
