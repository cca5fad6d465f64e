//! From a picture's bytes to its hashes. Written by the image helper.
