DO $$ BEGIN ASSERT current_setting(lock_timeout) = 0; END $$;
