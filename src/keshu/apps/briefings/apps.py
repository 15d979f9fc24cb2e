from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "keshu.apps.briefings"
    label = "briefings"
    verbose_name = "通报与驾驶舱"

    def ready(self) -> None:
        from keshu.apps.briefings import tasks  # noqa: F401 - they register themselves
        from keshu.apps.briefings.services.bulletins import telling  # noqa: F401 - it registers what it tells
