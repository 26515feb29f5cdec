import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { openDesk, openTenant, plain } from '../../support/desk.js'

test("the README's three requests define a field, set it and filter by it", async () => {
  const [, section = ''] = /^## Custom fields\n(.*?)^## /ms.exec(readFileSync('README.md', 'utf8')) ?? []
  const blocks = [...section.matchAll(/```(graphql|json)\n(.*?)```/gs)].map(([, language, text = '']) => ({
    language,
    text,
  }))
  const [define, set, find] = blocks.flatMap(({ language, text }) => (language === 'graphql' ? [text] : []))
  const [answer] = blocks.flatMap(({ language, text }) => (language === 'json' ? [JSON.parse(text) as object] : []))
  const desk = await openDesk()
  try {
    const { admin } = await openTenant(desk)
    const run = async (text = '') => {
      const { data, errors } = await desk.api.run(admin, text)
      return plain({ data, ...(errors && { errors }) })
    }
    expect(await run(define)).toEqual({
      data: {
        createCustomFieldDefinition: {
          customFieldDefinition: { key: 'shirt_size', type: 'DROPDOWN', position: 1 },
          userErrors: [],
        },
      },
    })
    expect(await run(set)).toEqual({
      data: {
        createContact: {
          contact: { firstName: 'Ada', customFields: [{ key: 'shirt_size', value: 'm' }] },
          userErrors: [],
        },
      },
    })
    expect(await run(find)).toEqual(answer)
  } finally {
    await desk.close()
  }
})
