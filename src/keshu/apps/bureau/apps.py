from django.apps import AppConfig


class BureauConfig(AppConfig):
    name = "keshu.apps.bureau"
    label = "bureau"
    verbose_name = "局机关"

    def ready(self) -> None:
        from keshu.apps.bureau import receivers, tasks  # noqa: F401  (they connect themselves)
        from keshu.apps.bureau.services import (
            round_trips,  # noqa: F401  (they register themselves)
            second_factor,
        )
        from keshu.apps.bureau.services.robots import addresses

        second_factor.check_roles()
        addresses.named_hosts()  # a setting that names none is told at the start
