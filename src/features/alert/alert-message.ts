import type { Alert } from '../../metrics/alert-state.js'
import type { AlertNews } from '../../metrics/alert-groups.js'

/**
 * What is told of a group, in the shape of Alertmanager's webhooks (version 4), so that what receives those receives these.
 * @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
export function alertMessage({ group, alerts }: AlertNews) {
  const messages = alerts.map(messageOf)
  return {
    version: '4',
    groupKey: `{}:{alertname="${group}"}`,
    truncatedAlerts: 0,
    status: messages.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver: 'kith',
    groupLabels: { alertname: group },
    commonLabels: commonOf(messages.map(({ labels }) => labels)),
    commonAnnotations: commonOf(messages.map(({ annotations }) => annotations)),
    externalURL: '',
    alerts: messages,
  }
}

function messageOf(alert: Alert) {
  const { rule, severity, labels, state, summary, firingSinceMs, resolvedAtMs, fingerprint } = alert
  return {
    status: state === 'RESOLVED' ? 'resolved' : 'firing',
    labels: { alertname: rule, severity: severity.toLowerCase(), ...labels } as Record<string, string>,
    annotations: { summary, value: String(alert.value ?? ''), threshold: String(alert.threshold), unit: alert.unit },
    startsAt: moment(firingSinceMs ?? alert.pendingSinceMs),
    // What fires has no end yet, which Alertmanager writes as Go's zero time.
    endsAt: resolvedAtMs === null ? '0001-01-01T00:00:00Z' : moment(resolvedAtMs),
    generatorURL: '',
    fingerprint,
  }
}

function commonOf(all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...others] = all
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((other) => other[name] === value)),
  )
}

function moment(ms: number): string {
  return new Date(ms).toISOString()
}
