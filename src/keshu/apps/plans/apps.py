from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "keshu.apps.plans"
    label = "plans"
    verbose_name = "工作要点"

    def ready(self) -> None:
        from keshu.apps.plans import receivers, tasks  # noqa: F401 - they connect and register themselves
        from keshu.apps.plans.queries import deadlines  # noqa: F401 - it registers itself
        from keshu.apps.plans.services import round_trips  # noqa: F401 - they register themselves
