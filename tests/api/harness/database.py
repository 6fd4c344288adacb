"""A database of one test run, looked at with psql: as superuser, as owner, or as the application's role."""
import json
import os
import secrets

from . import surroundings

PSQL = "/usr/lib/postgresql/15/bin/psql"
TABLES_OF_ROWS = "select table_name from information_schema.tables where table_schema = 'rastro' order by 1"


class SqlError(Exception):
    """What PostgreSQL refused; `state` is the SQLSTATE."""

    def __init__(self, statement: str, text: str):
        super().__init__(f"{statement}\n{text}")
        self.state = text.split("ERROR:")[1].strip()[:5] if "ERROR:" in text else ""


class Database:
    def __init__(self):
        self._cluster = surroundings.cluster()
        self.host = self._cluster["host"]
        self.port = self._cluster["port"]
        self.name = f"rastro_api_{os.getpid()}_{secrets.token_hex(4)}"
        self._psql("owner", f"create database {self.name}", database="postgres")
        self.open = True

    def drop(self) -> None:
        if self.open:
            self.open = False
            # Not as owner: an autovacuum worker belongs to no role, so only a superuser may end it.
            self._psql("superuser", f"drop database if exists {self.name} with (force)", database="postgres")

    def _psql(self, role: str, script: str, database: str | None = None) -> str:
        user = self._cluster["superuser"] if role == "superuser" else f"rastro_{role}"
        env = {"PGPASSWORD": "" if role == "superuser" else self._cluster[f"{role}_password"],
               "PGOPTIONS": "-c client_min_messages=warning"}
        words = [PSQL, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", "-h", self.host,
                 "-p", self.port, "-U", user, "-d", database or self.name, "-f", "-"]
        done = surroundings.run(words, env=env, input=script, expect=None)
        if done.returncode != 0:
            raise SqlError(script, done.stderr)
        return done.stdout

    def rows(self, query: str, role: str = "superuser", settings: dict[str, str] | None = None) -> list[dict]:
        """The rows of one query, as dictionaries. `settings` are transaction-local, as the server sets them."""
        lines = ["begin;"]
        for name, value in (settings or {}).items():
            quoted = value.replace("'", "''")
            lines.append(f"select set_config('{name}', '{quoted}', true) \\g /dev/null")
        lines.append(f"select coalesce(json_agg(q), '[]') from ({query}) q;")
        lines.append("rollback;")
        return json.loads(self._psql(role, "\n".join(lines)))

    def value(self, query: str, role: str = "superuser"):
        found = self.rows(query, role)
        assert len(found) == 1, f"{query}: one row expected, {len(found)} came"
        return next(iter(found[0].values()))

    def execute(self, script: str, role: str = "superuser", settings: dict[str, str] | None = None) -> str:
        """Runs statements and commits them."""
        lines = ["begin;"]
        for name, value in (settings or {}).items():
            quoted = value.replace("'", "''")
            lines.append(f"select set_config('{name}', '{quoted}', true) \\g /dev/null")
        return self._psql(role, "\n".join([*lines, script.rstrip().rstrip(";") + ";", "commit;"]))

    def tables(self) -> list[str]:
        return [row["table_name"] for row in self.rows(TABLES_OF_ROWS)]

    def columns(self, table: str) -> list[str]:
        return [row["column_name"] for row in self.rows(
            "select column_name from information_schema.columns where table_schema = 'rastro' "
            f"and table_name = '{table}' order by ordinal_position")]

    def end_backends(self) -> int:
        """Ends every connection of the server to this database, as a failing database would."""
        return len(self.rows(f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{self.name}' "
                             "and usename = 'rastro_app'"))
