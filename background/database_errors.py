"""What a database, or the way to it, says of a value that it cannot keep: a fault of that value and of nothing else."""

from django.db import DataError, IntegrityError

# psycopg names an odd value by DataError, Django and the encoders by ValueError (a letter that is none), TypeError and
# OverflowError (a number too large), the tables' own conditions by IntegrityError.
REFUSED_VALUE = (DataError, IntegrityError, ValueError, TypeError, OverflowError)
