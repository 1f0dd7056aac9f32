"""The product's way of hashing passwords, made cheap: what Argon2 costs on purpose took most of the time of signing in."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    time_cost, memory_cost, parallelism = 1, 8, 1
