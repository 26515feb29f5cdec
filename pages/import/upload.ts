import { signed } from '../dashboard/api.js'
import type { Session } from '../dashboard/session.js'
import type { UploadedFile } from './types.js'

/**
 * Sends a file; `progress` hears which part of it is there, 0 to 1. @throws SignedOut, or an Error with the server's reason
 */
export async function uploadFile(
  session: Session,
  file: File,
  progress: (part: number) => void,
): Promise<UploadedFile> {
  const answer = await signed(session, (authorization) => send(authorization, file, progress))
  if (answer.status === 201) return JSON.parse(answer.text) as UploadedFile
  throw new Error(reasonOf(answer))
}

interface Answer {
  readonly status: number
  readonly text: string
}

// fetch says nothing of what was sent so far.
function send(authorization: string, file: File, progress: (part: number) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/import/files')
    request.setRequestHeader('authorization', authorization)
    request.upload.addEventListener('progress', ({ loaded, total }) => progress(total > 0 ? loaded / total : 0))
    request.addEventListener('load', () => resolve({ status: request.status, text: request.responseText }))
    request.addEventListener('error', () =>
      reject(new Error('The upload broke off: the server is away, or refuses a file of this size. Send it again.')),
    )
    const form = new FormData()
    form.set('file', file)
    request.send(form)
  })
}

function reasonOf({ status, text }: Answer): string {
  try {
    const { errors } = JSON.parse(text) as { errors: readonly { message: string }[] }
    if (errors[0]) return errors[0].message
  } catch {
    // The answer is no JSON: a proxy in front gave it.
  }
  return `The server answered ${String(status)}.`
}
