from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [
        migrations.AddField("book", "isbn", models.CharField(max_length=20, default="")),
    ]
