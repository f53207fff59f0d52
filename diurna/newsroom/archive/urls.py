"""The addresses of links and kept copies, below /newsroom/sources/."""

from django.urls import path

from diurna.newsroom.archive import desk, replay

urlpatterns = [
    path("look-up/", desk.look_up_address, name="diurna_source_look_up"),
    path("links/", desk.report, name="diurna_links"),
    path("links/<uuid:name>/", desk.link, name="diurna_link"),
    path("links/<uuid:name>/check/", desk.check_now, name="diurna_link_check"),
    path("links/<uuid:name>/fetch/", desk.fetch_now, name="diurna_link_fetch"),
    path("links/<uuid:name>/new-address/", desk.use_new_address, name="diurna_link_adopt"),
    path("copies/<uuid:name>/", replay.copy_page, name="diurna_copy"),
    path("copies/<uuid:name>/page/", replay.frame, name="diurna_copy_frame"),
    path("copies/<uuid:name>/file/", replay.download, name="diurna_copy_file"),
    path("copies/<uuid:name>/public/", replay.make_public, name="diurna_copy_public"),
]
