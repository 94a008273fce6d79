"""Addresses of search, the catalogues, concepts and countries; they come before the pages."""

from django.urls import path

from search import overviews, views
from search.exports import export
from search.feeds import newest
from search.misses import search_miss

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/export.csv", export, name="search_export"),
    path("experiences/export.csv", export, {"catalogue": views.EXPERIENCES}, name="experiences_export"),
    path("studies/export.csv", export, {"catalogue": views.STUDIES}, name="studies_export"),
    path("search/not-found/", search_miss, name="search_miss"),
    path("experiences/", views.search, {"catalogue": views.EXPERIENCES}, name="experiences"),
    path("studies/", views.search, {"catalogue": views.STUDIES}, name="studies"),
    path("concepts/", overviews.concepts, name="concepts"),
    path("concepts/<slug:slug>/", views.concept, name="concept"),
    path("countries/", overviews.countries, name="countries"),
    path("countries/<str:code>/", views.country, name="country"),
    path("feed/", newest, name="feed"),
]
