import itertools
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

BATCH = 1000


def ask_for_related(apps: Any, schema_editor: Any) -> None:
    """Have the related stories of all that are public looked for, by the worker, in its time."""
    articles = apps.get_model("newsroom", "Article").objects.filter(live=True)
    due = apps.get_model("newsroom", "RelatedDue")
    since = django.utils.timezone.now()
    numbers = articles.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH)
    while batch := [
        due(article_id=pk, since=since) for pk in itertools.islice(numbers, BATCH)
    ]:
        due.objects.bulk_create(batch)


class Migration(migrations.Migration):

    dependencies = [
        ('newsroom', '0007_sources_and_corrections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReadLater',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='put aside')),
            ],
            options={
                'verbose_name': 'story to read later',
                'verbose_name_plural': 'stories to read later',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='RelatedDue',
            fields=[
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='newsroom.article')),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('spreads', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='RelatedStory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('why', models.CharField(choices=[('topic', 'a topic'), ('source', 'a source'), ('outlet', 'an outlet'), ('text', 'the words of the text'), ('section', 'the section')], max_length=8)),
            ],
            options={
                'ordering': ['article', 'place'],
            },
        ),
        migrations.AddField(
            model_name='newsroomsettings',
            name='neighbours',
            field=models.CharField(choices=[('section', 'In its section'), ('site', 'In the whole site')], default='section', help_text='At the foot of a story. The only story of a section leads on in the site.', max_length=8, verbose_name='earlier and later story'),
        ),
        migrations.AddConstraint(
            model_name='newsroomsettings',
            constraint=models.CheckConstraint(condition=models.Q(('neighbours__in', ['section', 'site'])), name='newsroom_neighbours_known'),
        ),
        migrations.AddField(
            model_name='readlater',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='newsroom.article'),
        ),
        migrations.AddField(
            model_name='readlater',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='relatedstory',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='found_related', to='newsroom.article'),
        ),
        migrations.AddField(
            model_name='relatedstory',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='newsroom.article'),
        ),
        migrations.AddField(
            model_name='relatedstory',
            name='outlet',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='newsroom.outlet'),
        ),
        migrations.AddField(
            model_name='relatedstory',
            name='source',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='newsroom.source'),
        ),
        migrations.AddField(
            model_name='relatedstory',
            name='topic',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='newsroom.topic'),
        ),
        migrations.AddIndex(
            model_name='readlater',
            index=models.Index(fields=['user', '-at'], name='read_later_newest'),
        ),
        migrations.AddConstraint(
            model_name='readlater',
            constraint=models.UniqueConstraint(fields=('user', 'article'), name='read_later_once'),
        ),
        migrations.AddConstraint(
            model_name='relatedstory',
            constraint=models.UniqueConstraint(fields=('article', 'other'), name='related_story_once'),
        ),
        migrations.AddConstraint(
            model_name='relatedstory',
            constraint=models.CheckConstraint(condition=models.Q(('article', models.F('other')), _negated=True), name='related_story_not_itself'),
        ),
        migrations.AddConstraint(
            model_name='relatedstory',
            constraint=models.CheckConstraint(condition=models.Q(('why__in', ['topic', 'source', 'outlet', 'text', 'section']), models.Q(models.Q(('why__in', ['text', 'section']), ('topic__isnull', True), ('source__isnull', True), ('outlet__isnull', True)), models.Q(('why', 'topic'), ('topic__isnull', False), ('source__isnull', True), ('outlet__isnull', True)), models.Q(('why', 'source'), ('topic__isnull', True), ('source__isnull', False), ('outlet__isnull', True)), models.Q(('why', 'outlet'), ('topic__isnull', True), ('source__isnull', True), ('outlet__isnull', False)), _connector='OR')), name='related_story_names_why'),
        ),
        # Last, since PostgreSQL changes no table whose rows were written in the same transaction.
        migrations.RunPython(ask_for_related, migrations.RunPython.noop),
    ]
