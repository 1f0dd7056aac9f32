"""What an admin must know of the instance: facts are gathered, and one pure rule says which alerts they amount to."""
