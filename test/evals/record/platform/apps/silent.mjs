// Stops with status 1 and says nothing.
setTimeout(() => process.exit(1), 1500);
