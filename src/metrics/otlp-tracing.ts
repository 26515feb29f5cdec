import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Context, type Span } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base'
import type { MetricsLog } from './metrics-log.js'
import type { TracedWork, TraceOptions, Tracing } from './tracing.js'

// What is beyond is dropped: a collector that is away costs this much memory and no more.
const MAX_WAITING_SPANS = 2048
const SEND_TIMEOUT_MS = 3000
// Longer than an attempt to send, so that nothing of it is left behind.
const CLOSE_TIMEOUT_MS = 4000
const TOLD_EVERY_MS = 600_000
const TRACEPARENT = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})/

/**
 * Traces by OpenTelemetry, sent as OTLP over HTTP (JSON) in batches, beside the work. Spans are made when something has
 * ended, by the durations that are known then: nothing is wrapped, and no context is carried along. A caller's trace is
 * taken over; whether it is traced here is decided by its id and `part` alone, so that no caller can make all of its requests
 * be traced. This file is imported where an endpoint is configured, and nowhere else.
 */
export function createOtlpTracing(
  { endpoint, headers, part }: TraceOptions,
  version: string,
  log: MetricsLog,
): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: SEND_TIMEOUT_MS,
  })
  tellFailures(exporter, log)
  const byId = new TraceIdRatioBasedSampler(part)
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'kith', 'service.version': version }),
    sampler: new ParentBasedSampler({ root: byId, remoteParentSampled: byId }),
    spanProcessors: [new BatchSpanProcessor(exporter, { maxQueueSize: MAX_WAITING_SPANS })],
  })
  const tracer = provider.getTracer('kith', version)
  const requests = new WeakMap<object, Span>()

  const childOf = ({ request, label, durationMs, failed }: TracedWork, kind: SpanKind, attributes: object): void => {
    const parent = request && requests.get(request)
    if (!parent?.isRecording()) return
    const endMs = Date.now()
    const about = { kind, startTime: endMs - durationMs, attributes: { ...attributes } }
    const span = tracer.startSpan(label, about, trace.setSpan(ROOT_CONTEXT, parent))
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(endMs)
  }

  return {
    begin(request, traceparent) {
      requests.set(request, tracer.startSpan('request', { kind: SpanKind.SERVER }, contextOf(traceparent)))
    },
    end(request, { label, failed, tenantId, client, clientVersion, statements, rows }) {
      const span = requests.get(request)
      if (!span) return
      requests.delete(request)
      span.updateName(label)
      span.setAttributes({
        'graphql.operation.name': label,
        'kith.statements': statements,
        'kith.rows': rows,
        ...(tenantId === null ? {} : { 'kith.tenant.id': tenantId }),
        ...(client === '' ? {} : { 'kith.client.name': client, 'kith.client.version': clientVersion }),
      })
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    },
    statement: (statement) =>
      childOf(statement, SpanKind.CLIENT, {
        'db.system.name': 'postgresql',
        'db.query.summary': statement.label,
        'db.response.returned_rows': statement.rows,
        'kith.database.role': statement.role,
        ...(statement.errorCode === undefined ? {} : { 'db.response.status_code': statement.errorCode }),
      }),
    transaction: (transaction) =>
      childOf({ ...transaction, label: `transaction ${transaction.label}` }, SpanKind.INTERNAL, {
        'kith.transaction.attempts': transaction.attempts,
        'kith.transaction.wait_ms': transaction.waitMs,
        'kith.transaction.commit_ms': transaction.commitMs,
      }),
    async close() {
      let timer: NodeJS.Timeout | undefined
      const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)))
      await Promise.race([provider.shutdown().catch(() => undefined), limit])
      clearTimeout(timer)
    },
  }
}

/** The caller's span, as its header says it; none where it says nothing or nonsense. */
function contextOf(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT
  const traceFlags = parseInt(flags, 16) & TraceFlags.SAMPLED
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true })
}

/** Logs that spans could not be sent, once in ten minutes at most. */
function tellFailures(exporter: OTLPTraceExporter, log: MetricsLog): void {
  const send = exporter.export.bind(exporter)
  let toldAtMs = -Infinity
  exporter.export = (spans, done) =>
    send(spans, (result) => {
      if (result.error && Date.now() - toldAtMs >= TOLD_EVERY_MS) {
        toldAtMs = Date.now()
        log.warn({ reason: result.error.message, spans: spans.length }, 'traces could not be sent')
      }
      done(result)
    })
}
