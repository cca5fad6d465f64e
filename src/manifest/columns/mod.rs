//! Columns to roles: presets, guess, `--map`.
