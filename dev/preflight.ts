/**
 * Run by the supervisor before it starts anything: are the settings right (exit 78 with a sentence otherwise), and
 * which search attributes does the Temporal namespace need? A process of its own, so that the supervisor, which
 * stays, does not carry these libraries in its memory.
 */
import { configOrExit, shopOrExit } from '../config.ts';
import { searchAttributeTypes } from '../workflows/search-attributes.ts';

shopOrExit(configOrExit());
process.stdout.write(JSON.stringify(searchAttributeTypes));
