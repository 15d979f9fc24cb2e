"""Uploaded files, stored once by the hash of their content, and the places that refer to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from keshu.apps.bureau.models.people import User


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(attachments__in=Attachment.objects.visible_to(user)).distinct()


class StoredFile(models.Model):
    """Bytes on disk under their SHA-256; many attachments may share them."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField("字节数")
    media_type = models.CharField("类型", max_length=100)
    path = models.CharField(max_length=200)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "文件"

    def __str__(self) -> str:
        return self.sha256[:12]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> Self:
        """Uploads belong to the organisation that uploaded them, or took over from it; areas that publish a file check
        their own rows. A private one is its uploader's alone.
        """
        scope, own = user.scope, models.Q(uploaded_by_id=user.pk)
        if scope.is_everything:
            return self.filter(own | models.Q(is_private=False))
        near = scope.organisation_ids | user.former_organisation_ids
        return self.filter(own | models.Q(organisation_id__in=near, is_private=False))


class Attachment(models.Model):
    """A file under the name its uploader gave it."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField("文件名", max_length=200)
    organisation = models.ForeignKey("bureau.Organisation", on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间")
    is_private = models.BooleanField("只有本人可见", default=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "附件"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
