from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=200)
    isbn = models.CharField(max_length=20, default="")
    shelf = models.CharField(max_length=20, default="")
