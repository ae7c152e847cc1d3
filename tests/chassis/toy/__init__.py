"""A service about nothing, through which the chassis is tested: jars that hold marbles."""
