"""Stories: what one kind of client meets, told over the checks of a finished run. Pure."""
