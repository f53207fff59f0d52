import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0001_comments'),
        ('moderation', '0001_moderation'),
    ]

    operations = [
        migrations.CreateModel(
            name='AkismetAsked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='akismet_asked', to='comments.comment', verbose_name='comment')),
            ],
            options={
                'verbose_name': 'comment about which Akismet was asked',
            },
        ),
    ]
