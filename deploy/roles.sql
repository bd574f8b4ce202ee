-- Roles and schemas of Kesu in the database one is connected to, as a superuser. Safe to run again at any time.
-- Each service has a role that owns its schema and nothing else; kesu_admin migrates, verifies, and owns the vault.
-- Passwords are not here: set them with ALTER ROLE … PASSWORD, or let the servers' authentication map the roles.
DO $$
DECLARE
    service text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('kesu roles'));  -- roles belong to the whole server: one at a time
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kesu_admin') THEN
        CREATE ROLE kesu_admin LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB CONNECTION LIMIT 20;
    END IF;
    FOREACH service IN ARRAY ARRAY['intake', 'routing', 'followup', 'reporting'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kesu_' || service) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOINHERIT', 'kesu_' || service);
        END IF;
        EXECUTE format('GRANT %I TO kesu_admin WITH INHERIT TRUE, SET TRUE', 'kesu_' || service);
        EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', service, 'kesu_' || service);
        EXECUTE format('ALTER SCHEMA %I OWNER TO %I', service, 'kesu_' || service);
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', service);
        -- What a service owns is reached by its full name only: nothing else lies on its path.
        EXECUTE format('ALTER ROLE %I SET search_path = %I', 'kesu_' || service, service);
    END LOOP;
    FOREACH service IN ARRAY ARRAY['vault', 'migrations'] LOOP
        EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION kesu_admin', service);
        EXECUTE format('ALTER SCHEMA %I OWNER TO kesu_admin', service);
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', service);
    END LOOP;
    REVOKE ALL ON SCHEMA public FROM PUBLIC;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO kesu_admin, kesu_intake, kesu_routing, kesu_followup, kesu_reporting',
                   current_database());
END
$$;

-- The vault: intake makes keys and seals, routing and reporting open; only its owner, kesu_admin, destroys a key.
GRANT USAGE ON SCHEMA vault TO kesu_intake, kesu_routing, kesu_reporting;
ALTER DEFAULT PRIVILEGES FOR ROLE kesu_admin IN SCHEMA vault GRANT SELECT, INSERT ON TABLES TO kesu_intake;
ALTER DEFAULT PRIVILEGES FOR ROLE kesu_admin IN SCHEMA vault GRANT SELECT ON TABLES TO kesu_routing, kesu_reporting;
