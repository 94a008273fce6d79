"""The address of the form; it comes before the pages."""

from django.urls import path

from portal.contact import views

urlpatterns = [path("message/", views.message, name="message")]
