from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "keshu.apps.briefings"
    label = "briefings"
    verbose_name = "通报与驾驶舱"
