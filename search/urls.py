"""Addresses of search, the catalogues, concepts and countries."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
