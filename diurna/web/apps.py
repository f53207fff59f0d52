from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "diurna.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Draw the newsroom's pages here: the models know nothing of templates."""
        from diurna.newsroom.models import Article, Front, InformationPage, Section
        from diurna.newsroom.rendering import register_preview, register_renderer
        from diurna.web import render, standards_page

        register_renderer(Front, render.front)
        register_renderer(Section, render.section)
        register_renderer(Article, render.article)
        register_renderer(InformationPage, render.information)
        register_preview(standards_page.preview)
