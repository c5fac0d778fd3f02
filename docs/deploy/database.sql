-- Run once as the superuser. The owner migrates; the application owns nothing (ADR 0002). SET both passwords.
CREATE ROLE jifen_owner LOGIN PASSWORD 'set-this';
CREATE ROLE jifen_app LOGIN PASSWORD 'set-this-too';
CREATE DATABASE jifen OWNER jifen_owner ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE jifen FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE jifen TO jifen_app;
