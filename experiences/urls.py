"""Addresses of what is made of experiences beside their pages."""

from django.urls import path

from experiences import views

urlpatterns = [path("experiences/<slug:slug>/sheet.pdf", views.sheet, name="field_sheet")]
