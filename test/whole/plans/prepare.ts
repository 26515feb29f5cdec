import { preparePlansDatabase } from './plans-database.js'
import { PLANS_SPEC } from './plans-spec.js'

// A process of its own: jest's global setup can't load the sources of the generator. Prints the data folder.
process.stdout.write(await preparePlansDatabase(PLANS_SPEC, (line) => process.stderr.write(`${line}\n`)))
