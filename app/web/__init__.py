"""The only Flask: how people, staff and other systems reach the verbs, each audience in a package of its own."""
