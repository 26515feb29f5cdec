import type { ConceptFields } from '../concepts/concept-fields.js'
import type { ListSearch } from '../list/list-search.js'
import { SEARCHED, type SearchedType } from './conditions.js'
import { countSearch, searchPredicate } from './count.js'
import { searchPage } from './page.js'
import { parseSearch } from './terms.js'

/** A search that narrows a list of contacts or of companies. */
export function readListSearch(concept: ConceptFields, text: string, country: string | null): ListSearch {
  const type = searchedType(concept)
  const terms = parseSearch(text, country)
  return {
    condition: (scope, alias) => searchPredicate(scope, type, terms, alias),
    page: (scope, database, wanted) => searchPage({ scope, type, terms }, database, wanted),
    count: (scope, database, max, where) =>
      countSearch({ scope, type, terms }, database, { max, where, isMisspelt: true }),
  }
}

function searchedType({ name }: ConceptFields): SearchedType {
  const found = Object.entries(SEARCHED).find(([, { concept }]) => concept === name)
  if (!found) throw new Error(`${name} can't be searched`)
  return found[0] as SearchedType
}
