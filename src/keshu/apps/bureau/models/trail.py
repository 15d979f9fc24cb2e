"""What keeps the trail's chain in place: its head, signed with the site's key, and the anchors that people keep elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.crypto import constant_time_compare, salted_hmac

if TYPE_CHECKING:
    from keshu.apps.bureau.models.people import User

HEAD = 1


def signed(*values: object) -> str:
    """The signature of these values by the site's secret key; who holds only the database cannot make it."""
    text = "\n".join(str(value) for value in values)
    return salted_hmac("keshu.trail", text, algorithm="sha256").hexdigest()


class TrailQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those who read the whole site."""
        return self if user.scope.is_everything else self.none()


class TrailHead(models.Model):
    """The newest entry of the trail: one row, locked by whoever writes the next.

    ``unsigned_until`` is the number of the entry at which a head was missing or not signed by this site, so that everything
    up to it stands on its hashes alone; 0 for a trail that was never interrupted.
    """

    number = models.PositiveBigIntegerField("序号", default=0)
    algorithm = models.CharField("算法", max_length=10)
    digest = models.CharField("摘要", max_length=64)
    unsigned_until = models.PositiveBigIntegerField("签名中断处", default=0)
    signature = models.CharField("签名", max_length=64)

    objects = TrailQuerySet.as_manager()

    class Meta:
        verbose_name = "记录链头"
        constraints = [models.CheckConstraint(condition=models.Q(pk=HEAD), name="one_trail_head")]

    def __str__(self) -> str:
        return f"第 {self.number} 号"

    def sign(self) -> None:
        self.signature = self._signature()

    @property
    def is_signed(self) -> bool:
        """Whether this site has signed what stands here."""
        return constant_time_compare(self.signature, self._signature())

    def _signature(self) -> str:
        return signed("head", self.number, self.algorithm, self.digest, self.unsigned_until)


class TrailAnchor(models.Model):
    """How far the trail went on a day, and its hash there; a copy on paper or by mail holds against whoever has the server."""

    on = models.DateField("日期")
    at = models.DateTimeField("留存时间")
    number = models.PositiveBigIntegerField("记录条数", unique=True)
    algorithm = models.CharField("算法", max_length=10)
    digest = models.CharField("摘要", max_length=64)
    signature = models.CharField("签名", max_length=64)

    objects = TrailQuerySet.as_manager()

    class Meta:
        verbose_name = "记录锚点"
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} 锚点"

    @property
    def line(self) -> str:
        """The anchor in one line, as it is printed, mailed and read back by ``keshu audit verify``."""
        return f"keshu-anchor {self.on:%Y-%m-%d} {self.number} {self.algorithm} {self.digest}"

    def sign(self) -> None:
        self.signature = self._signature()

    @property
    def is_signed(self) -> bool:
        return constant_time_compare(self.signature, self._signature())

    def _signature(self) -> str:
        return signed("anchor", f"{self.on:%Y-%m-%d}", self.number, self.algorithm, self.digest)
