"""Addresses of the home app beside its pages."""

from django.urls import path

from portal import showcase

urlpatterns = [
    path("components/", showcase.components, name="components"),
]
