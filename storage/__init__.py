"""The truth, kept in SQL: SQLAlchemy Core, synchronous. Of the house it imports only `bot`."""
