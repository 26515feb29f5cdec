import { bringUpToDate, hasDevDependencies } from './steps.mjs'

// npm runs this after `npm ci`. With --omit=dev there is nothing to build with, and dist/ is taken as it is.
if (hasDevDependencies()) bringUpToDate()
