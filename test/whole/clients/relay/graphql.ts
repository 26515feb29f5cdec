import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { GraphQLTaggedNode } from 'relay-runtime'
import contactsCard from './__generated__/contactsCard.graphql.js'
import contactsCreateAndDeleteMutation from './__generated__/contactsCreateAndDeleteMutation.graphql.js'
import contactsList from './__generated__/contactsList.graphql.js'
import contactsPageQuery from './__generated__/contactsPageQuery.graphql.js'
import contactsUpdateMutation from './__generated__/contactsUpdateMutation.graphql.js'

const ARTIFACTS: Readonly<Record<string, GraphQLTaggedNode>> = {
  contactsCard,
  contactsCreateAndDeleteMutation,
  contactsList,
  contactsPageQuery,
  contactsUpdateMutation,
}

const COMPILED = JSON.parse(readFileSync('test/whole/clients/relay/__generated__/documents.json', 'utf8')) as Readonly<
  Record<string, string>
>

/**
 * What Relay's Babel plugin does when an app is built: what the compiler made of a document, in the place of its text.
 * @throws Error where the document was changed since
 */
export function graphql([text = '']: TemplateStringsArray): GraphQLTaggedNode {
  const name = /(?:query|mutation|fragment) (\w+)/.exec(text)?.[1] ?? ''
  const artifact = ARTIFACTS[name]
  if (!artifact || COMPILED[name] !== createHash('sha256').update(text).digest('hex')) {
    throw new Error(`${name} is not what was compiled. Run: node test/whole/clients/relay/compile.mjs`)
  }
  return artifact
}
