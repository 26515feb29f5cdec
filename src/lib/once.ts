/** `read` that runs at the first call; all calls get the same result. So `edges` and `pageInfo` share one page. */
export function once<Result extends object>(read: () => Result): () => Result {
  let reading: Result | undefined
  return () => (reading ??= read())
}
