import { describe, expect, it } from '@jest/globals'
import { Loader } from '../../src/lib/loader.js'

/** A loader of texts by their lengths, with the keys of each of its batches. */
function openLoader(fail: () => Error | undefined = () => undefined) {
  const batches: (readonly number[])[] = []
  const read = (lengths: readonly number[]): Promise<(string | null)[]> => {
    batches.push(lengths)
    const error = fail()
    return error
      ? Promise.reject(error)
      : Promise.resolve(lengths.map((length) => (length ? 'a'.repeat(length) : null)))
  }
  const batchScheduleFn = (dispatch: () => void): void => process.nextTick(dispatch)
  return { loader: new Loader<number, string | null>(read, { batchScheduleFn }), batches }
}

describe('a loader', () => {
  it('reads what a tick asks for in one batch, each key once, and null for what there is not', async () => {
    const { loader, batches } = openLoader()
    const answers = await Promise.all([loader.load(1), loader.loadAll([2, 1, 3, 3]), loader.load(0), loader.get(2)])
    expect(answers).toEqual(['a', undefined, null, 'aa'])
    expect(batches).toEqual([[1, 2, 3, 0]])
  })

  it('gives what it has read at once, and reads nothing again', async () => {
    const { loader, batches } = openLoader()
    await loader.loadAll([0, 2])
    expect([loader.get(0), loader.get(2), loader.loadAll([2, 0])]).toEqual([null, 'aa', undefined])
    expect(batches).toEqual([[0, 2]])
  })

  it('asks for what another list of keys waits for only once', async () => {
    const { loader, batches } = openLoader()
    await Promise.all([loader.loadAll([1, 2]), loader.loadAll([2, 3]), loader.loadAll([1])])
    expect([loader.get(1), loader.get(2), loader.get(3)]).toEqual(['a', 'aa', 'aaa'])
    expect(batches).toEqual([[1, 2, 3]])
  })

  it('tells keys apart by their ids', async () => {
    const batches: (readonly { readonly id: string }[])[] = []
    const read = (keys: readonly { readonly id: string }[]): Promise<string[]> => {
      batches.push(keys)
      return Promise.resolve(keys.map(({ id }) => id.toUpperCase()))
    }
    const options = { batchScheduleFn: (dispatch: () => void) => process.nextTick(dispatch) }
    const loader = new Loader(read, { ...options, idOf: ({ id }: { readonly id: string }) => id })
    expect(await Promise.all([loader.load({ id: 'a' }), loader.load({ id: 'a' })])).toEqual(['A', 'A'])
    expect(batches).toEqual([[{ id: 'a' }]])
  })

  it('forgets all, what is being read too', async () => {
    const { loader, batches } = openLoader()
    const before = loader.load(1)
    loader.clearAll()
    expect(await Promise.all([before, loader.load(1)])).toEqual(['a', 'a'])
    expect(batches).toEqual([[1], [1]])
  })

  it('fails for all that waited, and for who asks later, until it forgets', async () => {
    let error: Error | undefined = new Error('the server is gone')
    const { loader, batches } = openLoader(() => error)
    const outcomes = await Promise.allSettled([loader.load(1), loader.loadAll([1, 2])])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected'])
    await expect(loader.load(2)).rejects.toThrow('the server is gone')
    error = undefined
    loader.clearAll()
    expect(await loader.load(2)).toBe('aa')
    expect(batches).toEqual([[1, 2], [2]])
  })
})
