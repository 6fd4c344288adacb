"""The real server over TLS with a real PostgreSQL and real certificates, for tests in Python.

Instance   a database, certificates, settings and a running rastrod (instance.py)
World      agencies of three countries with their people, made through the interface (world.py)
Client     calls of one caller: a person with a session, or an agency's system with its certificate (client.py)
"""
