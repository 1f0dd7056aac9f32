"""Between the web server and Django: bodies are received and responses delivered without holding a thread."""
