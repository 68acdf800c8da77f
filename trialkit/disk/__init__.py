"""What the disk refuses, in words; files that come all together; a folder for a while."""
