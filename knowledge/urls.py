"""Addresses of what is told about items beside their pages."""

from django.urls import path

from knowledge import views

urlpatterns = [
    path("citations/<slug:reference>.<slug:extension>", views.citation, name="citation"),
    path("r/<int:number>", views.short_address, name="short_address"),
]
