"""What people write in files and forms → typed values; what cannot be read says where and how to mend it.

``cells`` knows one cell, ``numbers``, ``dates`` and ``codes`` its kinds, ``columns`` a row and a header, ``texts`` the
messages; ``customers``, ``products``, ``contracts`` and ``usage`` describe one kind of file each, as data.
"""
