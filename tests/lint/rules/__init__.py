"""One module a rule: violations(tree) yields "file:line: what is wrong"."""
