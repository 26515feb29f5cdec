// The features among themselves, without the floors below them, through whose generated types every folder leads to every other.
const { options } = require('./.dependency-cruiser.cjs')

module.exports = {
  forbidden: [
    {
      name: 'feature-cycle',
      comment:
        'Two features that need each other are one, or a third is missing. Contacts know companies, never the other way.',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
  ],
  options: { ...options, includeOnly: '^src/features/' },
}
