"""Author code as the Kubernetes guide prints it, and a config that reaches many corners."""

from __future__ import annotations

KUBERNETES_CONFIG = """
  @solid(
    tags = {
      'dagster-k8s/config': {
        'container_config': {
          'resources': {
            'requests': { 'cpu': '250m', 'memory': '64Mi' },
            'limits': { 'cpu': '500m', 'memory': '2560Mi' },
          }
        },
        'pod_template_spec_metadata': {
          'annotations': { "cluster-autoscaler.kubernetes.io/safe-to-evict": "true"}
        },
        'pod_spec_config': {
          'affinity': {
            'nodeAffinity': {
              'requiredDuringSchedulingIgnoredDuringExecution': {
                'nodeSelectorTerms': [{
                  'matchExpressions': [{
                    'key': 'beta.kubernetes.io/os', 'operator': 'In', 'values': ['windows', 'linux'],
                  }]
                }]
              }
            }
          }
        },
      },
    },
  )
  def my_solid(context):
    context.log.info('running')
"""

CELERY_QUEUE = """
  @solid(
    tags = {
      'dagster-celery/queue': 'snowflake_queue',
    }
  )
  def my_solid(context):
    context.log.info('running')
"""

CELERY_RUN_PRIORITY = """
  @solid(
    tags = {
      'dagster-celery/run_priority': 3,
    }
  )
  def my_solid(context):
    context.log.info('running')
"""

EXPECTED_TAGS = {
    "KUBERNETES_CONFIG": {
        "dagster-k8s/config": (
            '{"container_config": {"resources": {"limits": {"cpu": "500m", "memory": "2560Mi"}, '
            '"requests": {"cpu": "250m", "memory": "64Mi"}}}, "pod_spec_config": {"affinity": '
            '{"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": '
            '[{"matchExpressions": [{"key": "beta.kubernetes.io/os", "operator": "In", "values": '
            '["windows", "linux"]}]}]}}}}, '
            '"pod_template_spec_metadata": {"annotations": '
            '{"cluster-autoscaler.kubernetes.io/safe-to-evict": "true"}}}'
        )
    },
    "CELERY_QUEUE": {"dagster-celery/queue": "snowflake_queue"},
    "CELERY_RUN_PRIORITY": {"dagster-celery/run_priority": "3"},
}
