"""The proof that the containers work: images built, the compose stack run, played and struck."""
