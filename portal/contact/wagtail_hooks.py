"""What visitors' messages add to Wagtail's admin."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from portal.contact import admin_views
from portal.contact.models import VisitorMessage
from portal.editor.rights import RefusingPolicy


class MessageViewSet(ModelViewSet):
    """The list, each message with what was done about it, and its history."""

    model = VisitorMessage
    name = "visitor_message"
    url_prefix = "messages"
    icon = "mail"
    menu_label = _("Messages")
    menu_order = 112
    add_to_admin_menu = True
    index_view_class = admin_views.MessageIndexView
    filterset_class = admin_views.MessageFilterSet
    edit_view_class = admin_views.MessageView
    delete_view_class = admin_views.MessageDeleteView
    edit_template_name = admin_views.MessageView.template_name
    # Who asks for what concerns them is found by name, address and number too.
    search_fields = ["text", "reference", "name", "email", "phone"]
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[admin_views.SettlingForm]:
        return admin_views.SettlingForm


# Only visitors write messages.
register_permission_policy(VisitorMessage, RefusingPolicy(VisitorMessage, refused=("add",)), exact_class=True)


@hooks.register("register_admin_viewset")
def messages() -> MessageViewSet:
    """Offer messages in the menu."""
    return MessageViewSet()


@hooks.register("register_permissions")
def permissions() -> QuerySet:
    """Let an administrator say which groups read messages, and which hear of each by mail."""
    return Permission.objects.filter(content_type__app_label="contact").exclude(codename__startswith="add_")


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    """Name what staff did about a message in its history."""
    actions.register_action("contact.done", _("Traiter"), _("Message traité"))
    actions.register_action("contact.reopen", _("Rouvrir"), _("Message rouvert"))
