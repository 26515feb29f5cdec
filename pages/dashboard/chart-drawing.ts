import type UPlot from 'uplot'
import type { Point } from './timeline.js'
import type { Mark } from './types.js'

/** The value of a custom property, as it is for light or dark now. */
export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/** Shades the times of which nothing is known. */
export function drawGaps(u: UPlot, points: readonly Point[]): void {
  const { ctx, bbox } = u
  for (const { atMs, spanMs, isGap } of points) {
    if (!isGap) continue
    const left = Math.max(bbox.left, u.valToPos(atMs / 1000, 'x', true))
    const right = Math.min(bbox.left + bbox.width, u.valToPos((atMs + spanMs) / 1000, 'x', true))
    if (right <= left) continue
    ctx.save()
    ctx.beginPath()
    ctx.rect(left, bbox.top, right - left, bbox.height)
    ctx.clip()
    ctx.fillStyle = color('--gap')
    ctx.fillRect(left, bbox.top, right - left, bbox.height)
    if (right - left > 90 * devicePixelRatio) {
      ctx.fillStyle = color('--muted')
      ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`
      ctx.textAlign = 'center'
      ctx.fillText('not known', (left + right) / 2, bbox.top + bbox.height / 2)
    }
    ctx.restore()
  }
}

/** A dashed line at a budget, with its words. */
export function drawBudget(u: UPlot, budget: number, format: (value: number) => string): void {
  const { ctx, bbox } = u
  const y = u.valToPos(budget, 'y', true)
  if (y < bbox.top || y > bbox.top + bbox.height) return
  ctx.save()
  ctx.strokeStyle = color('--warn')
  ctx.fillStyle = color('--warn')
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio])
  ctx.beginPath()
  ctx.moveTo(bbox.left, y)
  ctx.lineTo(bbox.left + bbox.width, y)
  ctx.stroke()
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`
  ctx.textAlign = 'left'
  ctx.fillText(`budget ${format(budget)}`, bbox.left + 5 * devicePixelRatio, y - 4 * devicePixelRatio)
  ctx.restore()
}

/** Lines with a triangle at the top where something happened. */
export function drawMarks(u: UPlot, marks: readonly Mark[], fromMs: number, untilMs: number): void {
  const { ctx, bbox } = u
  const size = 4 * devicePixelRatio
  for (const { at, kind } of marks) {
    const atMs = Date.parse(at)
    if (atMs < fromMs || atMs > untilMs) continue
    const x = u.valToPos(atMs / 1000, 'x', true)
    ctx.save()
    ctx.strokeStyle = ctx.fillStyle = color(kind.startsWith('ALERT_FIRING') ? '--bad' : '--mark')
    ctx.lineWidth = devicePixelRatio
    ctx.setLineDash([2 * devicePixelRatio, 2 * devicePixelRatio])
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
    ctx.beginPath()
    ctx.moveTo(x - size, bbox.top - size * 1.5)
    ctx.lineTo(x + size, bbox.top - size * 1.5)
    ctx.lineTo(x, bbox.top)
    ctx.fill()
    ctx.restore()
  }
}
