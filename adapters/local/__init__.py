"""The third platform: a web page on this machine where one chats as anybody, and moves the clock. Development only."""
