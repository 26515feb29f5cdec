/** A name with a large first letter: `contacts` as `Contacts`. */
export function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
