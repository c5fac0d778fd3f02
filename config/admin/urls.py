"""Pages of the officers' admin that belong to no model: queues, charts, and parts of the home page."""

from django.contrib import admin
from django.urls import URLPattern, path

from config.admin import charts, desk, home

_staff = admin.site.admin_view

urlpatterns: list[URLPattern] = [
    path("queues/<slug:code>/", _staff(desk.queue_page), name="desk-queue"),
    path("queues/<slug:code>/<str:key>/open/", _staff(desk.open_row), name="desk-open"),
    path("queues/<slug:code>/<str:key>/next/", _staff(desk.next_row), name="desk-next"),
    path("queues/<slug:code>/<str:key>/act/", _staff(desk.act), name="desk-act"),
    path("next/", _staff(home.next_for_me), name="desk-next-rows"),
    path("tiles/", _staff(home.tiles), name="desk-tiles"),
    path("charts/", _staff(charts.charts_page), name="desk-charts"),
]
