import type { ConceptFields } from '../concepts/concept-fields.js'
import type { ListSearch } from '../list/list-search.js'
import { countSearch, searchCondition } from './count.js'
import { searchPage } from './page.js'
import { SEARCHED, type SearchedType } from './searched-rows.js'
import { parseSearch } from './terms.js'

/**
 * A search that narrows a list of contacts or of companies: `contacts(search: "anna")`. `country` is the one whose
 * phone numbers need no country code. Other concepts can't be searched: an Error.
 */
export function readListSearch(concept: ConceptFields, text: string, country: string | null): ListSearch {
  const type = searchedType(concept)
  const terms = parseSearch(text, country)
  return {
    condition: (scope, alias) => searchCondition({ scope, type, terms }, alias),
    page: (scope, database, wanted) => searchPage({ scope, type, terms }, database, wanted),
    count: (scope, database, counted) =>
      countSearch({ scope, type, terms }, database, { ...counted, isMisspelt: true }),
  }
}

function searchedType({ name }: ConceptFields): SearchedType {
  const found = Object.entries(SEARCHED).find(([, { concept }]) => concept === name)
  if (!found) throw new Error(`${name} can't be searched`)
  return found[0] as SearchedType
}
