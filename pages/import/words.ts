/** A name of the API in words: `emailAddresses` is `Email addresses`. */
export function inWords(name: string): string {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The key of a column as people read it: its group, and what it is there. */
export function keyInWords(key: string): { group: string; label: string } {
  const parts = key.split('.')
  if (parts.length === 1) return { group: 'Record', label: inWords(key) }
  if (parts[0] === 'customFields') return { group: 'Custom fields', label: parts.slice(1).join(' ') }
  const group = inWords(parts[0] ?? '')
  const rest = parts.slice(1).map((part) => (/^\d+$/.test(part) ? part : inWords(part).toLowerCase()))
  const one = group.replace(/(ss)es$|s$/, '$1')
  return { group, label: `${one} ${rest.join(' ')}` }
}

/** `12,345` */
export function count(value: number): string {
  return value.toLocaleString('en')
}

/** `1.5 MB` */
export function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB']
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 ? String(value) : value.toFixed(1)} ${units[power] ?? ''}`
}

/** `2 min 5 s` */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  if (hours > 0) return `${String(hours)} h ${String(minutes)} min`
  return minutes > 0 ? `${String(minutes)} min ${String(whole % 60)} s` : `${String(whole)} s`
}
