"""`User`: somebody who logs in: an officer, an auditor, a hospital's HR. What they may do is in their roles."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models.history import tracked


class UserManager(BaseUserManager["User"]):
    """Makes users, with a hashed password or none."""

    def create_user(
        self,
        username: str,
        email: str = "",
        password: str | None = None,
        *,
        display_name: str = "",
        is_staff: bool = False,
        is_superuser: bool = False,
    ) -> "User":
        """Return a new user; without a password nobody can log in as them."""
        user = self.model(
            username=self.model.normalize_username(username),
            email=self.normalize_email(email),
            display_name=display_name,
            is_staff=is_staff,
            is_superuser=is_superuser,
            password=make_password(password),
        )
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, email: str = "", password: str | None = None) -> "User":
        """Return a new user who may do everything; for setting up, not for daily work."""
        return self.create_user(username, email, password, is_staff=True, is_superuser=True)


@tracked(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A login. Django's own groups and permissions are not used: roles are (`institutions.permissions`)."""

    username = models.CharField(
        _("user name"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()], db_collation="C"
    )
    display_name = models.CharField(_("display name"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_superuser = models.BooleanField(_("may do everything"), default=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    # In whose name the permission asked last was held: set by `permissions.ensure_permission`, kept by the audit.
    acting_for: "User | None" = None

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Return the name shown to colleagues."""
        return self.display_name or self.username

    def get_short_name(self) -> str:
        """Return the name shown in the corner of the page."""
        return self.display_name or self.username

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Answer Django's own permission question: only a superuser; officers go by roles."""
        return self.is_active and self.is_superuser

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        """Answer for several of Django's permissions at once."""
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        """Answer Django's own question about an app: only a superuser; officers go by roles."""
        return self.is_active and self.is_superuser
