import type UPlot from 'uplot'
import { color } from './chart-drawing.js'
import type { Point } from './timeline.js'

const LEAST_MS = 0.18

/** What draws how many requests took how long, when: the darker a cell, the more of them a second. */
export function heatMapOf(boundsMs: readonly number[]): (u: UPlot, points: readonly Point[]) => void {
  return (u, points) => {
    const rates = points.flatMap(({ latencyCounts, spanMs }) => latencyCounts.map((count) => (count * 1000) / spanMs))
    const most = Math.max(0, ...rates)
    if (most === 0) return
    const { ctx, bbox } = u
    const shades = color('--heat').split(' ')
    ctx.save()
    ctx.beginPath()
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
    ctx.clip()
    for (const { atMs, spanMs, latencyCounts } of points) {
      const left = Math.floor(u.valToPos(atMs / 1000, 'x', true))
      const right = Math.ceil(u.valToPos((atMs + spanMs) / 1000, 'x', true))
      for (const [index, count] of latencyCounts.entries()) {
        if (count === 0) continue
        const fromMs = index === 0 ? LEAST_MS : boundsMs[index - 1]!
        const toMs = boundsMs[index] ?? fromMs * 1.5
        const [top, bottom] = [Math.floor(u.valToPos(toMs, 'y', true)), Math.ceil(u.valToPos(fromMs, 'y', true))]
        // Few among many are what is looked for: by the logarithm they are seen.
        const share = Math.log1p((count * 1000) / spanMs / (most / 50)) / Math.log1p(50)
        ctx.fillStyle = shades[Math.min(shades.length - 1, Math.floor(share * shades.length))] ?? ''
        ctx.fillRect(left, top, Math.max(1, right - left - (right - left > 6 ? 1 : 0)), bottom - top - 1)
      }
    }
    ctx.restore()
  }
}

/** The durations that the axis needs, with a span to spare on both sides. */
export function heatRange(boundsMs: readonly number[], points: readonly Point[]): [number, number] {
  const filled = new Set<number>()
  for (const { latencyCounts } of points) {
    for (const [index, count] of latencyCounts.entries()) if (count > 0) filled.add(index)
  }
  if (filled.size === 0) return [1, 1000]
  const [low, high] = [Math.min(...filled), Math.max(...filled)]
  return [boundsMs[low - 2] ?? LEAST_MS, Math.max(boundsMs[high + 1] ?? 32_000, 12)]
}
